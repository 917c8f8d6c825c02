import { create } from '@bufbuild/protobuf'
import { status as codes } from '@grpc/grpc-js'
import { type DriverSandbox, DriverSandboxSpecSchema } from '@openshell-ts/protocol/compute'
import type { ComputeClient } from '../serve-in-test.js'
import { toServiceError } from './forwarding-driver.js'
import type { KnownBad } from './known-bad.js'

/** Drivers that lose, keep or look up sandboxes wrongly. */
export const stateFaults: readonly KnownBad[] = [
  {
    driver: 'creates what it validates',
    mustFail: 'idempotency/validate-changes-nothing',
    fault: {
      calls: {
        async validateSandboxCreate(request, good) {
          const answer = await good.unary('validateSandboxCreate', request)
          const { sandbox } = request
          if (sandbox !== undefined) await good.unary('createSandbox', { sandbox })
          return answer
        },
      },
    },
  },
  {
    driver: 'answers NOT_FOUND to a second delete',
    mustFail: 'idempotency/delete-unknown',
    fault: {
      calls: {
        async deleteSandbox(request, good) {
          const answer = await good.unary('deleteSandbox', request)
          if (!answer.deleted) throw toServiceError(codes.NOT_FOUND, 'sandbox not found')
          return answer
        },
      },
    },
  },
  {
    driver: 'wants exactly one of id and name',
    mustFail: 'lifecycle/id-and-name',
    fault: {
      calls: {
        async getSandbox(request, good) {
          if (request.sandboxId !== '' && request.name !== '') {
            throw toServiceError(codes.INVALID_ARGUMENT, 'pass exactly one of sandbox_id and name')
          }
          return good.unary('getSandbox', request)
        },
      },
    },
  },
  {
    driver: 'answers INTERNAL for a sandbox that is not there',
    mustFail: 'lifecycle/unknown',
    fault: {
      calls: {
        getSandbox: (request, good) =>
          good.unary('getSandbox', request).catch(() => {
            throw toServiceError(codes.INTERNAL, 'no such key')
          }),
      },
    },
  },
  {
    driver: 'creates a sandbox that exists',
    mustFail: 'idempotency/create-again',
    fault: {
      calls: {
        createSandbox: (request, good) =>
          good.unary('createSandbox', request).catch((error) => {
            if (error.code !== codes.ALREADY_EXISTS) throw error
            return { runtimeIdentity: '' } as never
          }),
      },
    },
  },
  {
    driver: 'lists with the spec, token included',
    mustFail: 'status/spec-omitted',
    fault: {
      calls: {
        async listSandboxes(request, good) {
          const answer = await good.unary('listSandboxes', request)
          for (const sandbox of answer.sandboxes)
            sandbox.spec = create(DriverSandboxSpecSchema, { sandboxToken: 'token' })
          return answer
        },
      },
    },
  },
  {
    driver: 'loses its sandboxes in a restart',
    mustFail: 'restart/nothing-lost',
    fault: { afterRestart: deleteAll },
  },
  {
    driver: 'starts in a restart what was stopped',
    mustFail: 'restart/stopped-stays-stopped',
    fault: { afterRestart: startAll },
  },
  {
    driver: 'keeps its stopped sandboxes and cannot start them',
    mustFail: 'restart/old-config',
    fault: {
      calls: {
        async startSandbox() {
          throw toServiceError(codes.INTERNAL, 'the block is not of the current version')
        },
      },
    },
  },
  resurrecting(),
  recovering(),
]

async function startAll(good: ComputeClient): Promise<void> {
  const { sandboxes } = await good.unary('listSandboxes', {})
  await Promise.all(sandboxes.map(({ id }) => good.unary('startSandbox', { sandboxId: id })))
}

/** A driver that finds the records of deleted sandboxes when it starts. */
function resurrecting(): KnownBad {
  const created = new Map<string, DriverSandbox>()
  return {
    driver: 'brings deleted sandboxes back in a restart',
    mustFail: 'restart/deleted-stays-deleted',
    fault: {
      calls: {
        async createSandbox(request, good) {
          if (request.sandbox !== undefined) created.set(request.sandbox.id, request.sandbox)
          return good.unary('createSandbox', request)
        },
      },
      async afterRestart(good) {
        const create = (sandbox: DriverSandbox) => good.unary('createSandbox', { sandbox }).catch(() => undefined)
        await Promise.all([...created.values()].map(create))
      },
    },
  }
}

async function deleteAll(good: ComputeClient): Promise<void> {
  const { sandboxes } = await good.unary('listSandboxes', {})
  await Promise.all(sandboxes.map(({ id }) => good.unary('deleteSandbox', { sandboxId: id })))
}

/** A driver that answers an empty list until it has recovered. */
function recovering(): KnownBad {
  let recovering = false
  return {
    driver: 'answers an empty list during its recovery',
    mustFail: 'restart/list-waits-for-recovery',
    fault: {
      beforeRestart() {
        recovering = true
      },
      async afterRestart() {
        recovering = false
      },
      calls: {
        async listSandboxes(request, good) {
          return recovering ? ({ sandboxes: [] } as never) : good.unary('listSandboxes', request)
        },
      },
    },
  }
}
