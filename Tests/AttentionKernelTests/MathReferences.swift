/// References with 60 digits (700 for the rows), rounded to binary64.
///
/// Made with Python's mpmath:
///
/// `mp.dps = 60; print(float(x).hex(), float(exp(mpf(x))).hex())`, and likewise for the other functions;
/// rows: `p = [exp(z - max) / Z …]`, then the textbook formulas for every measure.
enum MathReferences {
  static let exponential: [(x: Double, value: Double)] = [
    (0, 0x1.0000000000000p+0), (0x1.0000000000000p+0, 0x1.5bf0a8b145769p+1),
    (-0x1.0000000000000p+0, 0x1.78b56362cef38p-2), (0x1.0000000000000p-1, 0x1.a61298e1e069cp+0),
    (-0x1.62e429e0a41a2p-2, 0x1.6a09e88c50119p-1), (0x1.62eb1c432ca58p-2, 0x1.6a0c5906bc779p+0),
    (0x1.5798ee2308c3ap-27, 0x1.0000002af31dcp+0), (-0x1.5798ee2308c3ap-27, 0x1.ffffffaa19c48p-1),
    (0x1.26bb1af3a14cfp+1, 0x1.3ffffe0cbdf68p+3), (-0x1.26bb1af3a14cfp+1, 0x1.99999c18a6767p-4),
    (0x1.4333333333333p+3, 0x1.7c5c09a68d572p+14), (-0x1.4333333333333p+3, 0x1.5899ac5129ae3p-15),
    (0x1.2c00000000000p+5, 0x1.1293919c201e5p+54), (-0x1.205966f2b4f12p+5, 0x1.000000000000bp-52),
    (0x1.9133333333333p+6, 0x1.a08a5754ae034p+144), (-0x1.9133333333333p+6, 0x1.3aab0c9589e7bp-145),
    (0x1.2cb3333333333p+8, 0x1.c3714f17ae743p+433), (-0x1.2cb3333333333p+8, 0x1.225720438e36dp-434),
    (0x1.5e0147ae147aep+9, 0x1.de0787778d244p+1009), (-0x1.5e0147ae147aep+9, 0x1.12313cd1946cep-1010),
    (0x1.6286666666666p+9, 0x1.ec234bd0e7ea4p+1022), (0x1.62d999999999ap+9, 0x1.d75ae7a50ee14p+1023),
    (-0x1.61b3333333333p+9, 0x1.5ab237fb9a7d4p-1021),
  ]

  static let exponentialMinusOne: [(x: Double, value: Double)] = [
    (0x1.19799812dea11p-40, 0x1.19799812df3bdp-40), (-0x1.12e0be826d695p-30, -0x1.12e0be801f1d9p-30),
    (0x1.0624dd2f1a9fcp-10, 0x1.06466dfb8cf3ap-10), (-0x1.999999999999ap-3, -0x1.733d4a7a67a9bp-3),
    (0x1.f5c28f5c28f5cp-2, 0x1.43bef39ae09cbp-1), (-0x1.051eb851eb852p-1, -0x1.9917afde6f563p-2),
    (0x1.6666666666666p-1, 0x1.03854c24d130dp+0), (-0x1.8000000000000p+1, -0x1.e6824f33314f5p-1),
    (0x1.4000000000000p+2, 0x1.26d389970338fp+7),
  ]

  static let logarithm: [(x: Double, value: Double)] = [
    (0x1.0000000000000p+1, 0x1.62e42fefa39efp-1), (0x1.8000000000000p+1, 0x1.193ea7aad030bp+0),
    (0x1.0000000000000p-1, -0x1.62e42fefa39efp-1), (0x1.999999999999ap-4, -0x1.26bb1bbb55515p+1),
    (0x1.000001ad7f29bp+0, 0x1.ad7f2847b6492p-24), (0x1.fffffca501acbp-1, -0x1.ad7f2b1049b9fp-24),
    (0x1.6a09e55c0fcb5p+0, 0x1.62e42cf9ee3ebp-2), (0x1.6a09e7098ef50p+0, 0x1.62e431b8bb196p-2),
    (0x1.6a09e65dc27dfp-1, -0x1.62e4300c77ae8p-2), (0x1.6a09e7098ef50p-1, -0x1.62e42e268c249p-2),
    (0x1.4000000000000p+3, 0x1.26bb1bbb55516p+1), (0x1.2a05f20000000p+33, 0x1.7069e2aa2aa5bp+4),
    (0x1.b7cdfd9d7bdbbp-34, -0x1.7069e2aa2aa5bp+4), (0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9),
    (0x1.56e1fc2f8f359p-997, -0x1.5963447f87fb5p+9), (Double.leastNonzeroMagnitude, -0x1.74385446d71c3p+9),
    (0x1.e240c9fbe76c9p+16, 0x1.77281cad8a844p+3),
  ]

  static let logarithmOfOnePlus: [(x: Double, value: Double)] = [
    (0x1.56e1fc2f8f359p-997, 0x1.56e1fc2f8f359p-997), (0x1.2725dd1d243acp-60, 0x1.2725dd1d243acp-60),
    (0x1.12e0be826d695p-30, 0x1.12e0be801f1d9p-30), (-0x1.12e0be826d695p-30, -0x1.12e0be84bbb51p-30),
    (0x1.999999999999ap-4, 0x1.8663f793c46c7p-4), (-0x1.999999999999ap-4, -0x1.af8e8210a415ep-4),
    (0x1.999999999999ap-2, 0x1.588c2d9133490p-2), (0x1.ae147ae147ae1p-2, 0x1.6712984ec8f15p-2),
    (-0x1.1eb851eb851ecp-2, -0x1.50635ec0fdd69p-2), (-0x1.3333333333333p-2, -0x1.6d3c324e13f4ep-2),
    (-0x1.0000000000000p-1, -0x1.62e42fefa39efp-1), (-0x1.ff7ced916872bp-1, -0x1.ba18a998fff9fp+2),
    (0x1.0000000000000p+0, 0x1.62e42fefa39efp-1), (0x1.8000000000000p+0, 0x1.d5240f0e0e078p-1),
    (0x1.86a0000000000p+16, 0x1.7069f7a2d94f6p+3), (0x1.6345785d8a000p+56, 0x1.3926cd770aa67p+5),
    (0x1.ff00000000000p+8, 0x1.8f40b5ed9812dp+2), (0x1.47ae147ae147bp-7, 0x1.460d6ccca3677p-7),
  ]

  static let errorFunction: [(x: Double, value: Double)] = [
    (0x1.b7cdfd9d7bdbbp-34, 0x1.f044332d68161p-34), (0x1.47ae147ae147bp-7, 0x1.71bc266657b66p-7),
    (0x1.999999999999ap-4, 0x1.cca5ea24fb334p-4), (0x1.3333333333333p-2, 0x1.50838881dea0fp-2),
    (0x1.0000000000000p-1, 0x1.0a7ef5c18edd2p-1), (0x1.6a09e667f3bcdp-1, 0x1.5d897a241a6fbp-1),
    (0x1.ccccccccccccdp-1, 0x1.98045a6c8a2e6p-1), (0x1.3333333333333p+0, 0x1.d214ac7b2d067p-1),
    (0x1.7d70a3d70a3d7p+0, 0x1.ee0717caf6ad3p-1), (0x1.828f5c28f5c29p+0, 0x1.ef3ee5dec9c06p-1),
    (0x1.6a09e667f3bccp+0, 0x1.e8b4307d3627ap-1), (0x1.0f876ccdf6cd9p+1, 0x1.fe9e21e067a4ap-1),
    (0x1.4000000000000p+1, 0x1.ffcaa8f4c9beap-1), (0x1.c000000000000p+1, 0x1.ffffe710d565ep-1),
    (0x1.4000000000000p+2, 0x1.fffffffffc9e8p-1),
  ]

  static let complementaryErrorFunction: [(x: Double, value: Double)] = [
    (-0x1.0000000000000p+1, 0x1.fecd70a13caf2p+0), (-0x1.3333333333333p-2, 0x1.5420e22077a84p+0),
    (0x1.999999999999ap-4, 0x1.c66b42bb60999p-1), (0x1.ccccccccccccdp-2, 0x1.0c8da8f756b20p-1),
    (0x1.199999999999ap-1, 0x1.bf2828d23e7e7p-2), (0x1.ccccccccccccdp-1, 0x1.9fee964dd7469p-3),
    (0x1.4cccccccccccdp+0, 0x1.0e4daf646962ep-4), (0x1.0000000000000p+1, 0x1.328f5ec350e67p-8),
    (0x1.599999999999ap+1, 0x1.19b75731c79aep-13), (0x1.0000000000000p+2, 0x1.08ddd13bd35e7p-26),
    (0x1.a000000000000p+2, 0x1.6ae172414cebap-65), (0x1.4000000000000p+3, 0x1.7d8a7f2a8a2d0p-149),
    (0x1.e000000000000p+3, 0x1.93e1b371520a1p-330), (0x1.4000000000000p+4, 0x1.b54f244df93dfp-583),
    (0x1.a000000000000p+4, 0x1.284bfe1cdea24p-981),
  ]

  struct Row {
    let logits: [Double]
    let entropy: Double
    let remainder: Double
    let norm: Double
    let trace: Double
    let logSumExp: Double
  }

  static let rows: [Row] = [
    Row(
      logits: [0.0, 0.5, -1.0, 2.25], entropy: 0x1.9092bc060ad0fp-1, remainder: 0x1.ee11865d73378p-3,
      norm: 0x1.244ba659203fap-2, trace: 0x1.993c3bfbf620fp-2, logSumExp: 0x1.435671370c748p+1),
    Row(
      logits: [30.0, 0.0, -1.0, 2.0], entropy: 0x1.a72a8f062b39fp-36, remainder: 0x1.cd4de53e79d6ap-41,
      norm: 0x1.9b5629925e3cbp-40, trace: 0x1.cd4de53e786fdp-40, logSumExp: 0x1.e0000000000e7p+4),
    Row(
      logits: [300.0, 0.0, 1.0], entropy: 0x1.3ebd62a466488p-423, remainder: 0x1.0fbf6753975b9p-431,
      norm: 0x1.c85e56ae93f5ap-431, trace: 0x1.0fbf6753975b9p-430, logSumExp: 0x1.2c00000000000p+8),
    Row(
      logits: [1000.0, 999.5, -10000.0, 1000.0], entropy: 0x1.1309cdfc2058dp+0,
      remainder: 0x1.3b920012f731cp-1, norm: 0x1.df1db0f73fca6p-2, trace: 0x1.4d8e223f73aadp-1,
      logSumExp: 0x1.f47aa066f9526p+9),
    Row(
      logits: [0.0, -650.0, -650.5], entropy: 0x1.36a4118687a6bp-928, remainder: 0x1.e87c49e7d68a0p-938,
      norm: 0x1.8911dfa0219cbp-937, trace: 0x1.e87c49e7d68a0p-937, logSumExp: 0x1.e87c49e7d68a0p-938),
    Row(
      logits: [700.0, 700.0, 0.0, 1.0], entropy: 0x1.62e42fefa39efp-1, remainder: 0x1.0000000000000p-1,
      norm: 0x1.0000000000000p-1, trace: 0x1.0000000000000p-1, logSumExp: 0x1.5e58b90bfbe8ep+9),
    Row(
      logits: [-5000.0, -5040.0, -5041.0], entropy: 0x1.147f6d1af6e94p-52, remainder: 0x1.accb27208ec2cp-58,
      norm: 0x1.680dec304ad06p-57, trace: 0x1.accb27208ec2cp-57, logSumExp: -0x1.3880000000000p+12),
    Row(
      logits: [50.0, 10.0, 10.0, 10.0, 10.0], entropy: 0x1.91a336e4eb97ep-51,
      remainder: 0x1.39792499b1a24p-56, norm: 0x1.9eafa33a94108p-56, trace: 0x1.39792499b1a24p-55,
      logSumExp: 0x1.9000000000000p+5),
    Row(
      logits: [10000.0, 9980.0, -10000.0], entropy: 0x1.73cf05006b48cp-25, remainder: 0x1.1b4865556b5d5p-29,
      norm: 0x1.1b48654b9f942p-28, trace: 0x1.1b48654b9f942p-28, logSumExp: 0x1.388000000046dp+13),
    Row(
      logits: [8.0, 8.0, 8.0, -20.0], entropy: 0x1.193ea7aad78a0p+0, remainder: 0x1.5555555555809p-1,
      norm: 0x1.e2b7dddfef2c1p-2, trace: 0x1.5555555555abdp-1, logSumExp: 0x1.2327d4f55a0e3p+3),
    Row(
      logits: [3.0, 3.0, 2.999999, -1.0, -2.0, 0.5, 1.5, 2.25, -8.0, 4.5], entropy: 0x1.6c7b9bc7fbae6p+0,
      remainder: 0x1.d6087dd1fe80cp-2, norm: 0x1.6f6dab1b523c6p-2, trace: 0x1.51afcba214f81p-1,
      logSumExp: 0x1.4751c9f0cb4b7p+2),
  ]
}
