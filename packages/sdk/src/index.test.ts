import { expect, test } from 'vitest'
import * as sdk from './index.js'
import * as raw from './raw.js'
import * as templateFile from './template-file.js'

test('public names', () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "CommandFailedError",
      "DriverConfigRejectedError",
      "ExecResultUnknownError",
      "FileError",
      "OpenShellClient",
      "OpenShellError",
      "UnsupportedGatewayError",
      "WaitFailedError",
    ]
  `)
  expect(Object.keys(raw)).toEqual(['openRaw'])
  expect(Object.keys(templateFile).sort()).toMatchInlineSnapshot(`
    [
      "TemplateFileError",
      "parseSandboxTemplate",
    ]
  `)
})
