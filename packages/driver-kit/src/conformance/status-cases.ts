import { timestampDate } from '@bufbuild/protobuf/wkt'
import type { DriverPlatformEvent, DriverSandbox } from '@openshell-ts/protocol/compute'
import { CaseFailure, CaseUnsupported, expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { describeSandbox, isSuspended, isTerminal, readyCondition } from './sandbox-status.js'
import { type SandboxStory, type StageName, snapshotsBetween, stageOf, storyOf } from './sandbox-story.js'

const stageNames: readonly StageName[] = ['created', 'running', 'stopped', 'restarted']

/** What snapshots say: the conditions that mean the same on gateways of both lines. */
export const statusCases: readonly ConformanceCase[] = [
  storyCase('status/ready-condition', 'every snapshot has a Ready condition', {
    section: 'driver contract 11.2, phases',
    rule: 'Phases are derived from a condition of the type Ready, in exactly this spelling, with the status True, False or Unknown.',
    change: 'Put one condition of the type Ready into every status.',
    check: (story) =>
      eachReport(story, (sandbox) => {
        const ready = readyCondition(sandbox)
        const known = ready !== undefined && ['True', 'False', 'Unknown'].includes(ready.status)
        expectThat(known, 'a Ready condition with the status True, False or Unknown', describeSandbox(sandbox))
      }),
  }),
  storyCase('status/transient-while-booting', 'a sandbox on its way is not reported as failed', {
    section: 'driver contract 11.2, phases',
    rule: 'Ready=False with a reason outside the transient list is Error for good; on the way only Starting and its like are used.',
    change: 'Send the reason Starting and put the detail into the message.',
    check(story) {
      const startsAgain = story.stages.has('stopped')
      const booting = [
        ...snapshotsBetween(story, undefined, 'running'),
        ...(startsAgain ? snapshotsBetween(story, 'stopped', 'restarted') : []),
      ]
      const wrong = booting.find(isTerminal)
      expectThat(
        wrong === undefined,
        'Ready=False with a transient reason, such as Starting, until the sandbox runs',
        wrong === undefined ? '' : describeSandbox(wrong),
      )
    },
  }),
  storyCase('status/stopping-is-no-failure', 'a stop on request is not reported as a failure', {
    section: 'driver contract 11.3, conditions',
    rule: 'While a sandbox stops, Ready=False with a reason other than ContainerStopped or ContainerExited turns it into Error.',
    change: 'Tell a stop on request from a crash; while it runs, send Ready=Unknown and Suspended=False.',
    check(story) {
      const wrong = snapshotsBetween(story, 'running', 'stopped').find(
        (sandbox) =>
          isTerminal(sandbox) &&
          !['containerstopped', 'containerexited'].includes(readyCondition(sandbox)?.reason.toLowerCase() ?? ''),
      )
      expectThat(wrong === undefined, 'no final reason but ContainerStopped', wrong ? describeSandbox(wrong) : '')
    },
  }),
  storyCase('status/stopped', 'a stopped sandbox is Suspended=True and Ready=False', {
    section: 'driver contract 11.3, conditions',
    rule: 'Gateways of line 0.1 read Suspended=True only when no Ready condition is True.',
    change: 'Send Suspended=True and Ready=False with the reason ContainerStopped.',
    check(story) {
      for (const sandbox of reportsAt(story, 'stopped')) {
        const right = isSuspended(sandbox) && readyCondition(sandbox)?.status === 'False'
        expectThat(right, 'Suspended=True and Ready=False', describeSandbox(sandbox))
      }
    },
  }),
  storyCase('status/started-again', 'a sandbox that starts again announces it', {
    section: 'driver contract 11.3, conditions',
    rule: 'On line 0.1 a Stopped sandbox moves on only when Bootstrapping=True is reported, or Ready=True.',
    change: 'Send Bootstrapping=True and Suspended=False with Ready=False Starting.',
    check(story) {
      for (const sandbox of snapshotsBetween(story, 'stopped', 'restarted')) {
        const bootstrapping = sandbox.status?.conditions.some(
          ({ type, status }) => type === 'Bootstrapping' && status === 'True',
        )
        const right = readyCondition(sandbox)?.status !== 'False' || isSuspended(sandbox) || bootstrapping
        expectThat(right === true, 'Bootstrapping=True beside Ready=False', describeSandbox(sandbox))
      }
    },
  }),
  storyCase('status/times', 'both time fields say the same', {
    section: 'driver contract 1.2, superset fields',
    rule: 'Gateways of line 0.0 read last_transition_time, those of line 0.1 transition_time; both are filled from one value.',
    change: 'Fill last_transition_time (RFC 3339) and transition_time from the same value.',
    check: (story) => eachReport(story, checkTimes),
  }),
  storyCase('status/platform-events', 'platform events have a type and both times', {
    section: 'driver contract 14, platform events',
    rule: 'Events go to users as they are: their type is Normal or Warning, and each line reads its own time field.',
    change: 'Fill type, timestamp_ms and event_time of every event.',
    check({ sandbox, events }) {
      const own = events.flatMap(({ payload }) =>
        payload.case === 'platformEvent' && payload.value.sandboxId === sandbox.id ? [payload.value.event] : [],
      )
      if (own.length === 0) throw new CaseUnsupported('the driver sent no platform event about the sandbox')
      for (const event of own) checkPlatformEvent(event)
    },
  }),
  storyCase('status/names-echoed', 'id, name and status name are those of the request', {
    section: 'driver contract 10, names',
    rule: 'A gateway rejects a snapshot with another or an empty name whole, and with it the sweep of all sandboxes.',
    change: 'Keep id and name of the request and send them in every answer and snapshot.',
    check: ({ sandbox: { id, name }, ...story }) =>
      eachReport({ ...story, sandbox: { id } }, (sandbox) => {
        const inStatus = sandbox.status?.name ?? ''
        const right = sandbox.id === id && sandbox.name === name && (inStatus === '' || inStatus === name)
        expectThat(right, `the id ${id} and the name ${name}`, `${sandbox.id}, ${sandbox.name}, ${inStatus}`)
      }),
  }),
  storyCase('status/spec-omitted', 'snapshots leave the spec out', {
    section: 'driver contract 6.2, answer size',
    rule: 'All snapshots of a List share 4 MiB, and the spec holds environment and token; gateways ignore it.',
    change: 'Leave spec out of snapshots, Get and List.',
    check: (story) => eachReport(story, ({ spec }) => expectThat(spec === undefined, 'no spec', 'a spec')),
  }),
  storyCase('status/get-and-list-agree', 'Get, List and the watch say the same', {
    section: 'driver contract 13.2, reconcile sweep',
    rule: 'One state, one report: the gateway applies whichever comes first.',
    change: 'Build snapshot, Get and List from one state.',
    check(story) {
      for (const stage of ['running', 'stopped', 'restarted'] as const) {
        const [first = '', ...others] = reportsAt(story, stage).map(describeSandbox)
        for (const other of others) expectThat(other === first, first, other)
      }
    },
  }),
]

type PartialStory = Omit<SandboxStory, 'sandbox'> & { readonly sandbox: { readonly id: string } }

type StoryCase = Pick<ConformanceCase, 'section' | 'rule' | 'change'> & {
  readonly check: (story: SandboxStory) => void
}

function storyCase(id: string, title: string, { check, ...description }: StoryCase): ConformanceCase {
  return {
    id,
    title,
    ...description,
    order: 'story',
    async run(session) {
      const story = await storyOf(session)
      stageOf(story, 'created')
      check(story)
    },
  }
}

/** Looks at every report of the sandbox: what Get and List answered at each stage, and all snapshots of the watch. */
function eachReport(story: PartialStory, check: (sandbox: DriverSandbox) => void): void {
  for (const name of stageNames) {
    const stage = story.stages.get(name)
    if (stage === undefined) continue
    if (stage.got === undefined) throw new CaseFailure('GetSandbox to answer with a sandbox', 'an answer without one')
    check(stage.got)
    if (stage.listed !== undefined) check(stage.listed)
  }
  for (const { payload } of story.events) {
    const sandbox = payload.case === 'sandbox' ? payload.value.sandbox : undefined
    if (sandbox?.id === story.sandbox.id) check(sandbox)
  }
}

function reportsAt(story: SandboxStory, name: StageName): DriverSandbox[] {
  const { got, listed } = stageOf(story, name)
  const [last] = snapshotsBetween(story, undefined, name).slice(-1)
  return [got, listed, last].filter((sandbox) => sandbox !== undefined)
}

function checkTimes(sandbox: DriverSandbox): void {
  for (const { type, lastTransitionTime, transitionTime } of sandbox.status?.conditions ?? []) {
    const text = Date.parse(lastTransitionTime)
    const stamp = transitionTime === undefined ? Number.NaN : timestampDate(transitionTime).getTime()
    expectThat(
      text === stamp,
      `last_transition_time and transition_time of ${type} to be the same instant`,
      `${lastTransitionTime || 'no text'} and ${Number.isNaN(stamp) ? 'no timestamp' : new Date(stamp).toISOString()}`,
    )
  }
}

function checkPlatformEvent(event: DriverPlatformEvent | undefined): void {
  if (event === undefined) throw new CaseFailure('an event in the platform event', 'none')
  const { type, timestampMs, eventTime, reason } = event
  const known = type === 'Normal' || type === 'Warning'
  expectThat(known, `${reason} to be of the type Normal or Warning`, JSON.stringify(type))
  const stamp = eventTime === undefined ? Number.NaN : timestampDate(eventTime).getTime()
  const times = `${timestampMs} ms and ${Number.isNaN(stamp) ? 'no event_time' : `${stamp} ms`}`
  expectThat(timestampMs > 0n && Number(timestampMs) === stamp, `the same time in both fields of ${reason}`, times)
}
