import { issueCodeAnchor, issueCodes } from '@openshell-ts/driver-config'

const groups = [
  ['The block', 'Who wrote the block can correct it.', { fault: 'user', severity: 'error' }],
  [
    'The operator',
    'The block is well-formed; the operator of the gateway decides.',
    { fault: 'operator', severity: 'error' },
  ],
  [
    'The surroundings',
    'The block names something outside that is not as it has to be.',
    { fault: 'environment', severity: 'error' },
  ],
  ['The driver', 'A fault of the driver. The block is not to blame.', { fault: 'driver', severity: 'error' }],
  ['Warnings', 'The block is accepted all the same.', { severity: 'warning' }],
]

const introduction = `# Codes of config issues

<!-- Made by npm run docs from packages/driver-config/src/issue/codes.ts. -->

Each problem of a config block has a code to branch on. Codes are never renamed, and never get another meaning. A report says more
than this page: where in the block, what the schema wants there, and what to change. What stands here as the fix is what a report
says when it knows nothing better.`

/** The reference page of all codes, with an anchor for each. */
export function configIssueCodesPage() {
  const codes = Object.entries(issueCodes)
  const sections = groups.map(([title, meaning, wanted]) => {
    const rows = codes.filter(([, entry]) => Object.entries(wanted).every(([key, value]) => entry[key] === value))
    return `## ${title}\n\n${meaning}\n\n| Code | Means | Fix |\n| --- | --- | --- |\n${rows.map(formatRow).join('\n')}`
  })
  return `${[introduction, ...sections].join('\n\n')}\n`
}

function formatRow([code, { summary, fix }]) {
  return `| <a id="${issueCodeAnchor(code)}"></a>\`${code}\` | ${summary} | ${fix} |`
}
