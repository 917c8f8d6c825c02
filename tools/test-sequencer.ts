import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification, type Vitest } from 'vitest/node'

// The folders whose files take the longest come first.
const ranks = [/^tests\//, /^packages\/[^/]+\/test\/[^/]+\//, /^packages\/[^/]+\/test\//]

/**
 * Starts the tests that take long first, so that all workers end at about the same time. Vitest itself goes by the times of the
 * last run, which a fresh clone does not have.
 */
export class TestSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((wanted) => {
      const own = sorted.filter(({ project }) => project === wanted)
      return own.toSorted((one, other) => rankOf(this.ctx, one) - rankOf(this.ctx, other))
    })
  }
}

function rankOf({ config }: Vitest, { moduleId }: TestSpecification): number {
  const rank = ranks.findIndex((folder) => folder.test(relative(config.root, moduleId)))
  return rank === -1 ? ranks.length : rank
}
