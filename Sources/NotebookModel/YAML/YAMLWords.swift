import Wording

/// The YAML library's reasons in both languages.
///
/// The library knows a finite list of problems, and of what it was doing meanwhile; both are fixed English texts. One that
/// is not in the list would be shown as it is.
enum YAMLWords {
  /// A problem, and what the library was doing.
  static func text(_ problem: String, while context: String? = nil) -> LocalText {
    let english = problem + (context.map { " \($0)" } ?? "")
    guard let words = problems[problem] else { return LocalText(same: english) }
    guard let context else { return LocalText(english, words) }
    guard let place = contexts[context] else { return LocalText(english, "\(words)（\(context)）") }
    return LocalText(english, "读\(place)时，\(words)")
  }

  private static let problems = [
    "alias limit exceeded": "别名太多",
    "block sequence entries are not allowed in this context": "这里不能写 ‘- ’ 列表项",
    "but found another document": "后面又出现了一个文档",
    "control characters are not allowed": "不能有控制字符",
    "could not find expected ':'": "缺少 ‘:’",
    "could not find expected directive name": "缺少指令的名字",
    "did not find URI escaped octet": "缺少 URI 的转义字节",
    "did not find expected '!'": "缺少 ‘!’",
    "did not find expected ',' or ']'": "缺少 ‘,’ 或 ‘]’",
    "did not find expected ',' or '}'": "缺少 ‘,’ 或 ‘}’",
    "did not find expected '-' indicator": "缺少 ‘-’：列表项之间夹了别的内容，或缩进不一致",
    "did not find expected <document start>": "缺少文档的开头，前一个文档似乎已经结束",
    "did not find expected <stream-start>": "缺少内容的开头",
    "did not find expected alphabetic or numeric character": "缺少字母或数字",
    "did not find expected comment or line break": "缺少注释或换行",
    "did not find expected digit or '.' character": "缺少数字或 ‘.’",
    "did not find expected hexdecimal number": "缺少十六进制数",
    "did not find expected key": "缺少键：上一行可能没写完，或缩进不一致",
    "did not find expected node content": "缺少值",
    "did not find expected tag URI": "缺少标签的 URI",
    "did not find expected version number": "缺少版本号",
    "did not find expected whitespace": "缺少空格",
    "did not find expected whitespace or line break": "缺少空格或换行",
    "did not find the expected '>'": "缺少 ‘>’",
    "expected low surrogate area": "代理对缺少后一半",
    "found a tab character that violates indentation": "缩进里有制表符",
    "found a tab character where an indentation space is expected": "缩进应当用空格，这里却是制表符",
    "found an incorrect leading UTF-8 octet": "UTF-8 的首字节不对",
    "found an incorrect trailing UTF-8 octet": "UTF-8 的后续字节不对",
    "found an indentation indicator equal to 0": "缩进指示不能是 0",
    "found character that cannot start any token": "这个字符不能出现在开头",
    "found duplicate %TAG directive": "%TAG 指令写了两次",
    "found duplicate %YAML directive": "%YAML 指令写了两次",
    "found extremely long version number": "版本号太长",
    "found incompatible YAML document": "文档声明的 YAML 版本不受支持",
    "found invalid Unicode character escape code": "转义的 Unicode 编码不存在",
    "found undefined alias": "别名没有对应的锚点",
    "found undefined tag handle": "标签前缀没有定义",
    "found unexpected ':'": "这里不该有 ‘:’",
    "found unexpected document indicator": "这里不该有文档分隔符",
    "found unexpected end of stream": "内容到此中断，可能缺了结尾的引号",
    "found unexpected non-alphabetical character": "这里不该有字母以外的字符",
    "found unknown directive name": "没有这个指令",
    "found unknown escape character": "没有这种转义",
    "incomplete UTF-16 character": "UTF-16 字符不完整",
    "incomplete UTF-16 surrogate pair": "UTF-16 代理对不完整",
    "incomplete UTF-8 octet sequence": "UTF-8 字节序列不完整",
    "input error": "读取出错",
    "input is too long": "内容太长",
    "invalid Unicode character": "不是有效的 Unicode 字符",
    "invalid leading UTF-8 octet": "UTF-8 的首字节无效",
    "invalid length of a UTF-8 sequence": "UTF-8 序列的长度无效",
    "invalid trailing UTF-8 octet": "UTF-8 的后续字节无效",
    "mapping keys are not allowed in this context": "这里不能写键",
    "mapping values are not allowed in this context": "这里不能写 ‘: ’ 和值",
    "unexpected low surrogate area": "多出代理对的后一半",
  ]

  private static let contexts = [
    "expected a single document in the stream": "第一个文档",
    "while parsing a %TAG directive": " %TAG 指令",
    "while parsing a block collection": "列表",
    "while parsing a block mapping": "映射",
    "while parsing a block node": "一个值",
    "while parsing a flow mapping": "花括号里的映射",
    "while parsing a flow node": "一个值",
    "while parsing a flow sequence": "方括号里的列表",
    "while parsing a node": "一个值",
    "while parsing a quoted scalar": "引号里的文字",
    "while parsing a tag": "标签",
    "while parsing a tag directive": "标签指令",
    "while scanning a %TAG directive": " %TAG 指令",
    "while scanning a %YAML directive": " %YAML 指令",
    "while scanning a block scalar": "多行文字",
    "while scanning a directive": "指令",
    "while scanning a plain scalar": "不带引号的文字",
    "while scanning a quoted scalar": "引号里的文字",
    "while scanning a simple key": "键",
    "while scanning a tag": "标签",
    "while scanning a tag directive": "标签指令",
    "while scanning an alias": "别名",
    "while scanning an anchor": "锚点",
    "while scanning for the next token": "下一处",
  ]
}
