/// Every kind of problem the program reports, by its stable name.
///
/// One list, so that a code is never used for two things and a search finds where it is raised. Experiment kinds need no
/// codes of their own: theirs are about parameters, and those are common to all.
public enum DiagnosticCode: String, CaseIterable, Codable, Hashable, Sendable {
  // Reading
  case unreadableFile = "unreadable-file"
  case notUTF8 = "not-utf-8"
  case emptyNote = "empty-note"
  case noteTooLarge = "note-too-large"
  case noSuchNote = "no-such-note"
  case noNotes = "no-notes"
  // Markdown
  case nestedTooDeeply = "nested-too-deeply"
  case tooManyBrackets = "too-many-brackets"
  case markdownTooCostly = "markdown-too-costly"
  // Front matter and configuration
  case frontMatterMissing = "front-matter-missing"
  case frontMatterUnclosed = "front-matter-unclosed"
  case invalidYAML = "invalid-yaml"
  case notAMapping = "not-a-mapping"
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case duplicateKey = "duplicate-key"
  case wrongType = "wrong-type"
  case invalidValue = "invalid-value"
  // Directives and experiments
  case unknownDirective = "unknown-directive"
  case missingIdentifier = "missing-identifier"
  case invalidIdentifier = "invalid-identifier"
  case duplicateIdentifier = "duplicate-identifier"
  case unknownKind = "unknown-kind"
  case unknownParameter = "unknown-parameter"
  case invalidParameter = "invalid-parameter"
  case unknownFigure = "unknown-figure"
  case invalidFigure = "invalid-figure"
  case wrongFigureNumber = "wrong-figure-number"
  case tooMuchWork = "too-much-work"
  case experimentFailed = "experiment-failed"
  // Verification
  case unknownExperiment = "unknown-experiment"
  case unknownMeasure = "unknown-measure"
  case unknownSelector = "unknown-selector"
  case ambiguousSelector = "ambiguous-selector"
  case lostReference = "lost-reference"
  case unreadableNumber = "unreadable-number"
  case invalidTolerance = "invalid-tolerance"
  case wrongNumber = "wrong-number"
  case invalidClaim = "invalid-claim"
  case claimFails = "claim-fails"
  case claimHoldsUnexpectedly = "claim-holds-unexpectedly"
  case claimInconclusive = "claim-inconclusive"
  // Site
  case duplicateSlug = "duplicate-slug"
  case invalidSlug = "invalid-slug"
  case brokenLink = "broken-link"
  case pathLeavesSite = "path-leaves-site"
  case missingAsset = "missing-asset"
  case missingTranslation = "missing-translation"
  case invalidTemplate = "invalid-template"
  case unknownTemplateVariable = "unknown-template-variable"
  // Published sites
  case invalidRecord = "invalid-record"
  case otherNumericContract = "other-numeric-contract"
  case recordDiffers = "record-differs"
  case pageMissing = "page-missing"
  case pageDiffers = "page-differs"
  // Output
  case outputNotAFolder = "output-not-a-folder"
  case outputNotWritable = "output-not-writable"
  case outputHoldsOtherFiles = "output-holds-other-files"
  case writeFailed = "write-failed"
}
