import NotebookTool

NotebookTool.main(Array(CommandLine.arguments.dropFirst()))
