import Wording

/// Numbers and claims that agree today.
extension CatalogueEntry {
  static let fragileNumber = CatalogueEntry(
    title: LocalText("A number is fragile", "数字不稳"),
    explanation: LocalText(
      "The value lies within one standard error, or a fiftieth of the last digit's step, of being written otherwise. Write fewer digits, take more samples, or allow a margin in the link's title.",
      "算得的值离改写成另一个数不到一个标准误，或不到末位一步的五十分之一。少写几位，增加样本，或在链接标题里写容差。"),
    example: CatalogueExample(
      .passage, failing: "[0.530](#scales.maxProbability[none])",
      mended: "[0.5](#scales.maxProbability[none])"))

  static let unstableNumber = CatalogueEntry(
    title: LocalText("A number does not survive another seed", "换个种子，数字就站不住"),
    explanation: LocalText(
      "With other random numbers the same experiment gives a value that is written otherwise. Write fewer digits, take more samples, or allow a margin.",
      "换一组随机数，同一个实验得出的值就要改写。少写几位，增加样本，或写容差。"),
    example: CatalogueExample(
      .sketch, failing: "notebook check --reseed 5\n[0.670](#d.coverage[1σ])",
      mended: "[0.67](#d.coverage[1σ] \"±0.1\")"))

  static let unstableClaim = CatalogueEntry(
    title: LocalText("A claim does not survive another seed", "换个种子，论断就站不住"),
    explanation: LocalText(
      "With other random numbers the claim is decided otherwise, or not at all. Take more samples, or state less.",
      "换一组随机数，论断的结论就不同，或无法定夺。增加样本，或把话说得弱一些。"),
    example: CatalogueExample(
      .sketch, failing: "notebook check --reseed 5\ncheck: d.coverage[1σ] < 0.75",
      mended: "check: d.coverage[1σ] < 0.85"))

  static let vacuousClaim = CatalogueEntry(
    title: LocalText("A claim notices no broken kernel", "论断是空话"),
    explanation: LocalText(
      "The kernel was broken in every way it knows, and the verdict stayed the same: the claim says nothing about what was computed.",
      "把内核用所有已知的方式弄坏，结论都不变：这条论断与算出的结果无关。"),
    example: CatalogueExample(
      .sketch, failing: "notebook check --mutate\ncheck: d.coverage[1σ] ≥ 0",
      mended: "check: d.coverage[1σ] in [0.6, 0.8]"))

  static let lockDrift = CatalogueEntry(
    title: LocalText("A value has changed since it was locked", "数值在锁定之后变了"),
    explanation: LocalText(
      "notebook.lock holds the value at twelve digits, and another one was computed. Find out why, then let ‘notebook check --update’ take it.",
      "notebook.lock 里有这个值的十二位数字，这次算出的不同。查明原因，再用 ‘notebook check --update’ 改用新值。"),
    example: CatalogueExample(
      .sketch, failing: "notebooks/a.md number r.upper[1σ, √d] = 2.7",
      mended: "notebooks/a.md number r.upper[1σ, √d] = 2.71828182846"))

  static let lockOutdated = CatalogueEntry(
    title: LocalText("The lock does not fit the notes", "锁定文件与笔记对不上"),
    explanation: LocalText(
      "Numbers or claims were added or taken away since notebook.lock was written.",
      "notebook.lock 写成之后，又增删了数字或论断。"),
    example: CatalogueExample(
      .sketch, failing: "notebook check", mended: "notebook check --update"))
}
