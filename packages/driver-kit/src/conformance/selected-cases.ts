import { answerOf, describeOutcome, refusalOf } from './call-outcome.js'
import { CaseSkip, expectThat } from './case-outcome.js'
import { requireOpenGate, verdictOn } from './config-verdict.js'
import type { ConformanceCase } from './conformance-case.js'
import { allowsDriverConfig } from './find-acknowledgement-problem.js'

const unknownBlock = { conformance_unknown_key: true }

/** What every driver does with its block, whatever its schema is. */
export const selectedCases: readonly ConformanceCase[] = [
  {
    id: 'selected/absent-and-empty',
    title: 'no block and an empty block get the same verdict',
    section: 'driver contract 5, envelope selection',
    rule: 'A gateway forwards {} as present but empty, and an unset or mistyped block as unset; both mean the same.',
    change: 'Treat an unset driver_config and an empty one alike.',
    level: 'L0',
    async run(session) {
      const absent = describeOutcome(await verdictOn(session, undefined))
      const empty = describeOutcome(await verdictOn(session, {}))
      expectThat(absent === empty, `the verdict without a block: ${absent}`, `${empty} for {}`)
    },
  },
  {
    id: 'selected/unknown-block',
    title: 'a block that the driver does not understand is refused',
    section: 'driver contract 19, driver_config',
    rule: 'A block is never ignored: unknown keys are INVALID_ARGUMENT in ValidateSandboxCreate.',
    change: 'Refuse every key that the driver does not know; without a config, refuse any key.',
    level: 'L0',
    async run(session) {
      await requireOpenGate(session)
      refusalOf(await verdictOn(session, unknownBlock), 'a block with an unknown key', 'INVALID_ARGUMENT')
    },
  },
  {
    id: 'selected/refused-create',
    title: 'Create refuses a wrong block with its reason and leaves nothing',
    section: 'driver contract 9, status mapping',
    rule: 'CreateSandbox checks again, and only FAILED_PRECONDITION carries its text to the user. No delete follows a failed create.',
    change:
      'Check the block in CreateSandbox too, before anything is made, and answer FAILED_PRECONDITION with the reason.',
    level: 'L0',
    async run(session) {
      const sandbox = session.newSandbox({}, unknownBlock)
      const refusal = refusalOf(
        await session.create(sandbox),
        'CreateSandbox with an unknown key',
        'FAILED_PRECONDITION',
      )
      expectThat(refusal.message !== '', 'a message', 'an empty message')
      const left = (await session.list()).some(({ id }) => id === sandbox.id)
      expectThat(!left, 'nothing left of a refused create', 'the sandbox in the list')
    },
  },
  {
    id: 'selected/gate-off',
    title: 'blocks are refused while the operator does not allow them',
    section: 'driver contract 17.3, allow_driver_config',
    rule: 'The driver enforces allow_driver_config too: FAILED_PRECONDITION that names the setting; an empty block passes.',
    change:
      'Answer FAILED_PRECONDITION that names allow_driver_config of gateway and driver, and let an empty block pass.',
    level: 'L0',
    lines: ['0.1'],
    async run(session) {
      const { resourceAdmissionPolicy } = await session.capabilities()
      if (allowsDriverConfig(resourceAdmissionPolicy)) throw new CaseSkip('the operator allows driver_config')
      const refusal = refusalOf(await verdictOn(session, unknownBlock), 'a block', 'FAILED_PRECONDITION')
      expectThat(refusal.message.includes('allow_driver_config'), 'the setting allow_driver_config', refusal.message)
      answerOf(await verdictOn(session, {}), 'an empty block')
    },
  },
]
