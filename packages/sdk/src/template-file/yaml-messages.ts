import type { ErrorCode } from 'yaml'

const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'an alias takes no tag and no anchor',
  BAD_ALIAS: 'this alias stands for nothing',
  BAD_DIRECTIVE: 'this directive is not one of YAML 1.2',
  BAD_DQ_ESCAPE: 'YAML does not know this escape; write a backslash as "\\\\", or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a text that starts with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a list or a map cannot stand here; check the indentation and the colons of this line',
  BLOCK_IN_FLOW: 'inside brackets and braces, everything is written with brackets and braces',
  MISSING_CHAR: 'a quote, comma, bracket or colon is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; check for a missing colon or quote',
  MULTIPLE_DOCS: 'a template file holds one document',
  TAB_AS_INDENT: 'YAML is indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'tags are not supported; remove the "!" word, or put the text in quotes',
  UNEXPECTED_TOKEN: 'this character is not expected here; put the text in quotes if it belongs to one',
}

/** An error of YAML for people, without any text of the file. */
export function describeYamlError(code: ErrorCode): string {
  return MESSAGES[code] ?? `this is not YAML (${code.toLowerCase().replaceAll('_', ' ')})`
}
