import { expect, test } from 'vitest'
import * as sdk from './index.js'
import * as templateFile from './template-file.js'

test('public names', () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "CommandFailedError",
      "CommandHandle",
      "Commands",
      "DriverConfigRejectedError",
      "ExecResultUnknownError",
      "OpenShellClient",
      "OpenShellError",
      "Pager",
      "Sandbox",
      "Sandboxes",
      "UnsupportedGatewayError",
      "WaitFailedError",
      "WorkspaceClient",
    ]
  `)
  expect(Object.keys(templateFile).sort()).toMatchInlineSnapshot(`
    [
      "TemplateFileError",
      "parseSandboxTemplate",
    ]
  `)
})
