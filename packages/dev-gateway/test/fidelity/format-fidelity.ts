import type { Difference } from './compare.js'
import { isAsExpected, type ReplayResult } from './replay-all.js'

/** How many scenarios of an area agree. */
export interface AreaAgreement {
  readonly area: string
  readonly agreeing: number
  readonly total: number
}

/** Counts the scenarios that agree, area by area. */
export function agreementPerArea(results: readonly ReplayResult[]): AreaAgreement[] {
  const areas = [...new Set(results.map(({ area }) => area))]
  return areas.map((area) => {
    const own = results.filter((result) => result.area === area)
    return { area, agreeing: own.filter(({ differences }) => differences.length === 0).length, total: own.length }
  })
}

/** Writes the agreement per area, every difference in full, and one last line that says it all. */
export function formatFidelity(results: readonly ReplayResult[]): string {
  const areas = agreementPerArea(results)
  const agreeing = areas.reduce((sum, area) => sum + area.agreeing, 0)
  const unexpected = results.filter((result) => !isAsExpected(result))
  const known = results.filter(({ verdict }) => verdict === 'known difference').length
  return [
    ...areas.map(({ area, agreeing: own, total }) => `${area.padEnd(10)} ${own}/${total}`),
    ...results.filter(({ verdict }) => verdict !== 'agrees').map((result) => `\n${formatResult(result)}`),
    '',
    `${agreeing} of ${results.length} scenarios agree, ${known} differ as known, ${unexpected.length} are not as expected`,
  ].join('\n')
}

function formatResult({ id, verdict, reason, differences }: ReplayResult): string {
  const title = `${id}: ${verdict}`
  const advice = verdict === 'listed, but agrees' ? ['  Take it off known-differences.json.'] : []
  return [
    title,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...advice,
    ...differences.map(formatDifference),
  ].join('\n')
}

function formatDifference({ path, recorded, replayed }: Difference): string {
  const show = (value: unknown) => (value === undefined ? '(nothing)' : JSON.stringify(value))
  return `  ${path}\n    recorded: ${show(recorded)}\n    replayed: ${show(replayed)}`
}
