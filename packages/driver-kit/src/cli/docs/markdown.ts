/** A section with its heading; nothing when it has no lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, '']
}

/** A table; nothing when it has no rows. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  return [titles, titles.map(() => '---'), ...rows.map((cells) => cells.map(escapeCell))].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
}

/** A block of code. */
export function fence(language: string, text: string): string[] {
  // A text may hold a fence itself.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}${language}`, text.trimEnd(), ticks]
}

/** A text as code in a line. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** A text as it is, whatever signs of Markdown it holds. */
export function plain(text: string): string {
  return text.replaceAll(/[\\*_<>[\]`]/g, '\\$&')
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}
