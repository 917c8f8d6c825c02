import { compatibilityRules } from '@openshell-ts/driver-config/compatibility'

const groups = [
  ['break', 'Breaks', 'A block of an earlier release is refused, or means something else. The check ends with 1.'],
  [
    'unknown',
    'Needs a decision',
    'Nobody can tell from the declaration alone. The check looks for a block that is refused now: with one it is a break, else it ends with 3.',
  ],
  ['warning', 'Warnings', 'Blocks stay valid; handlers may see what they did not see before.'],
  ['ok', 'Fine', 'Nobody notices.'],
]

const introduction = `# Rules of compatibility

<!-- Made by npm run docs from packages/driver-config/src/compatibility/compatibility-rules.ts. -->

Each difference that \`config check\` and \`checkCompatibility\` find between a config and its releases has a rule to branch on. Rules are
never renamed. The verdict of one difference may be milder than that of its rule: inside an experimental version, nothing is graver
than a warning. The guide [Declaring a driver's config](../guides/declaring-a-driver-config.md#9-changing-a-config-without-breaking-anyone)
shows how they are used.`

/** The reference page of all rules. */
export function compatibilityRulesPage() {
  const rules = Object.entries(compatibilityRules)
  const sections = groups.map(([verdict, title, meaning]) => {
    const rows = rules.filter(([, rule]) => rule.verdict === verdict)
    return `## ${title}\n\n${meaning}\n\n| Rule | About | What to do |\n| --- | --- | --- |\n${rows.map(formatRow).join('\n')}`
  })
  return `${[introduction, ...sections].join('\n\n')}\n`
}

function formatRow([rule, { effect, advice }]) {
  const anchor = rule.toLowerCase().replaceAll('_', '-')
  return `| <a id="${anchor}"></a>\`${rule}\` | ${effect} | ${advice} |`
}
