import { answerOf, refusalOf } from './call-outcome.js'
import { CaseSkip, expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession, OwnSandbox } from './conformance-session.js'
import { describeSandbox, isSuspended } from './sandbox-status.js'
import { type StageName, stageOf, storyOf } from './sandbox-story.js'

const unknown = { sandboxId: '00000000-0000-4000-8000-000000000000', name: 'conf-unknown' }

/** A sandbox from its creation to its end, and requests that mean no sandbox. */
export const lifecycleCases: readonly ConformanceCase[] = [
  stageCase('created', {
    title: 'a sandbox is created',
    section: 'driver contract 10, CreateSandbox',
    rule: 'CreateSandbox answers OK when it has stored or made the sandbox.',
    change: 'Accept a sandbox that names nothing special, with a command and a token.',
  }),
  stageCase('running', {
    title: 'a created sandbox comes to run',
    section: 'driver contract 11, snapshots and phases',
    rule: 'The watch reports Ready=True when the sandbox runs. Until then Ready=False has a transient reason: any other one puts it in Error for good.',
    change: 'Send a snapshot with Ready=True when the compute runs, and with Ready=False Starting until then.',
  }),
  stageCase('stopped', {
    title: 'a running sandbox is stopped',
    section: 'driver contract 10, StopSandbox',
    rule: 'StopSandbox answers OK when the compute has really stopped, and Suspended=True is reported.',
    change: 'Send a snapshot with Suspended=True and Ready=False ContainerStopped.',
  }),
  stageCase('restarted', {
    title: 'a stopped sandbox is started again',
    section: 'driver contract 10, StartSandbox',
    rule: 'StartSandbox leads to Ready=True again; it carries no spec, and launch data on line 0.1 only.',
    change: 'Keep at Create what a start needs, and send Ready=True without Suspended=True.',
  }),
  stageCase('deleted', {
    title: 'a sandbox is deleted with a deleted event',
    section: 'driver contract 13.3, deletion',
    rule: 'DeleteSandbox answers deleted=true, a deleted event follows, and Get answers NOT_FOUND. Without the event the gateway keeps the sandbox at Deleting.',
    change: 'Answer deleted=true, send the event, and forget the sandbox.',
  }),
  {
    id: 'lifecycle/listed',
    title: 'the list has a sandbox in each stage until it is deleted',
    section: 'driver contract 10, ListSandboxes',
    rule: 'ListSandboxes answers all sandboxes, also pending and stopped ones. After five minutes, one miss in List and Get destroys the row.',
    change: 'List every sandbox from its creation to its deletion, whatever its state.',
    order: 'story',
    async run(session) {
      const story = await storyOf(session)
      for (const name of ['created', 'running', 'stopped', 'restarted'] as const) {
        expectThat(stageOf(story, name).listed !== undefined, `the list to have the ${name} sandbox`, 'no such id')
      }
      const { listed } = stageOf(story, 'deleted')
      expectThat(listed === undefined, 'the list to be without the deleted sandbox', 'the sandbox in the list')
    },
  },
  {
    id: 'lifecycle/id-and-name',
    title: 'id and name together mean a sandbox',
    section: 'driver contract 10',
    rule: 'Every gateway sends both id and name; a driver that wants exactly one of them fails every call.',
    change: 'Look sandboxes up by id, and take the name as a hint.',
    async run(session) {
      const { id, name } = await session.createGood()
      const both = { sandboxId: id, name }
      answerOf(await session.call('getSandbox', both), 'GetSandbox with id and name')
      answerOf(await session.call('stopSandbox', both), 'StopSandbox with id and name')
      answerOf(await session.call('deleteSandbox', both), 'DeleteSandbox with id and name')
    },
  },
  {
    id: 'lifecycle/id-alone',
    title: 'the id alone means a sandbox',
    section: 'driver contract 10',
    rule: 'A sandbox is looked up by its id; the name is a hint.',
    change: 'Look sandboxes up by id; an empty name is no condition.',
    async run(session) {
      const { id } = await session.createGood()
      const { sandbox } = answerOf(await session.call('getSandbox', { sandboxId: id }), 'GetSandbox with the id alone')
      expectThat(sandbox?.id === id, `the sandbox ${id}`, `the sandbox ${sandbox?.id}`)
    },
  },
  {
    id: 'lifecycle/neither-id-nor-name',
    title: 'a request without id and name is refused',
    section: 'driver contract 10',
    rule: 'A request with neither id nor name is INVALID_ARGUMENT; an empty filter would match every sandbox.',
    change: 'Check that a request has an id or a name before looking anything up.',
    order: 'all',
    async run(session) {
      await session.createGood()
      for (const method of ['getSandbox', 'stopSandbox', 'startSandbox', 'deleteSandbox'] as const) {
        refusalOf(await session.call(method, {}), `${method} without id and name`, 'INVALID_ARGUMENT')
      }
    },
  },
  {
    id: 'lifecycle/other-name',
    title: 'an id with the name of another sandbox is refused',
    section: 'driver contract 10',
    rule: 'An id of another name is FAILED_PRECONDITION; acting on either sandbox could be wrong.',
    change: 'Compare the name with that of the sandbox when both are given.',
    async run(session) {
      const [{ id }, { name }] = await twoSandboxes(session)
      for (const method of ['getSandbox', 'stopSandbox', 'startSandbox', 'deleteSandbox'] as const) {
        const outcome = await session.call(method, { sandboxId: id, name })
        refusalOf(outcome, `${method} with the name of another sandbox`, 'FAILED_PRECONDITION')
      }
    },
  },
  {
    id: 'lifecycle/unknown',
    title: 'Get, Stop and Start of an unknown sandbox answer NOT_FOUND',
    section: 'driver contract 10, GetSandbox, StopSandbox, StartSandbox',
    rule: 'An absent sandbox is NOT_FOUND and nothing else: only that code tells a gateway that the sandbox is gone.',
    change: 'Answer NOT_FOUND when there is no such sandbox, and other codes when the backend fails.',
    async run(session) {
      for (const method of ['getSandbox', 'stopSandbox', 'startSandbox'] as const) {
        refusalOf(await session.call(method, unknown), `${method} of an unknown sandbox`, 'NOT_FOUND')
      }
    },
  },
  {
    id: 'lifecycle/missing-sandbox',
    title: 'a create without a sandbox, an id or a name is refused',
    section: 'driver contract 10, CreateSandbox',
    rule: 'A request that cannot be honoured is refused, not half done.',
    change: 'Check sandbox, id and name first and answer INVALID_ARGUMENT.',
    async run(session) {
      const { message } = session.newSandbox()
      for (const sandbox of [undefined, { ...message, id: '' }, { ...message, name: '' }]) {
        const request = sandbox === undefined ? {} : { sandbox }
        refusalOf(await session.call('createSandbox', request), 'an incomplete CreateSandbox', 'INVALID_ARGUMENT')
      }
    },
  },
  {
    id: 'lifecycle/name-is-free-again',
    title: 'the name of a deleted sandbox can be used again',
    section: 'driver contract 10, DeleteSandbox',
    rule: 'DeleteSandbox removes everything that the sandbox had.',
    change: 'Release the name and everything else that the sandbox had.',
    async run(session) {
      const first = await session.createGood()
      answerOf(await session.call('deleteSandbox', { sandboxId: first.id, name: first.name }), 'DeleteSandbox')
      const second = session.newSandbox()
      const again = { ...second, name: first.name, message: { ...second.message, name: first.name } }
      answerOf(await session.create(again), 'CreateSandbox with the name of a deleted sandbox')
    },
  },
  {
    id: 'lifecycle/delete-stopped',
    title: 'a stopped sandbox stays, and can be deleted',
    section: 'driver contract 10, StopSandbox',
    rule: 'StopSandbox keeps the sandbox and its state; DeleteSandbox works in every phase.',
    change: 'Answer StopSandbox when the compute has stopped, and keep the sandbox.',
    async run(session) {
      const sandbox = await session.createGood()
      const reference = { sandboxId: sandbox.id, name: sandbox.name }
      answerOf(await session.call('stopSandbox', reference), 'StopSandbox')
      const stopped = await session.get(sandbox)
      expectThat(
        stopped !== undefined && isSuspended(stopped),
        'Get to report Suspended=True as soon as StopSandbox has answered',
        stopped === undefined ? 'an answer without a sandbox' : describeSandbox(stopped),
      )
      const { deleted } = answerOf(await session.call('deleteSandbox', reference), 'DeleteSandbox')
      expectThat(deleted, 'deleted=true', 'deleted=false')
    },
  },
]

function stageCase(stage: StageName, description: Omit<ConformanceCase, 'id' | 'run' | 'order'>): ConformanceCase {
  return {
    id: `lifecycle/${stage}`,
    ...description,
    order: 'story',
    async run(session) {
      const { stages, problem } = await storyOf(session)
      if (stages.has(stage)) return
      if (problem?.stage === stage) throw problem.failure
      throw new CaseSkip(`the sandbox did not get this far; see lifecycle/${problem?.stage ?? stage}`)
    },
  }
}

function twoSandboxes(session: ConformanceSession): Promise<[OwnSandbox, OwnSandbox]> {
  return Promise.all([session.createGood(), session.createGood()])
}
