import Type from 'typebox'
import { defineDriverConfig, withDefault } from '../src/index.js'
import { emptyExamples, showing } from './version-examples.js'

const V1 = Type.Object({
  size_gib: withDefault(Type.Integer({ minimum: 1, maximum: 1_024 }), 10),
  readonly: Type.Optional(Type.Boolean()),
  mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')])),
  timeout: Type.Optional(Type.Integer({ minimum: 0, maximum: 600 })),
  mounts: withDefault(
    Type.Array(
      Type.Union([
        Type.Object({ type: Type.Literal('bind'), src: Type.String({ minLength: 1 }) }),
        Type.Object({ type: Type.Literal('tmpfs'), size: Type.Optional(Type.Integer({ minimum: 1 })) }),
      ]),
      { maxItems: 3 },
    ),
    [],
  ),
})
const V2 = Type.Object({
  size_bytes: Type.Integer({ minimum: 2 ** 30, maximum: 2 ** 40 }),
  read_only: Type.Optional(Type.Boolean()),
  mode: Type.Optional(Type.Union([Type.Literal('quick'), Type.Literal('careful')])),
  timeout_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
  mounts: Type.Array(
    Type.Union([
      Type.Object({ type: Type.Literal('bind'), source: Type.String({ minLength: 1 }) }),
      Type.Object({ type: Type.Literal('tmpfs'), size: Type.Optional(Type.Integer({ minimum: 1 })) }),
    ]),
    { maxItems: 3 },
  ),
})

interface Old {
  size_gib: number
  readonly?: boolean
  mode?: 'fast' | 'safe'
  timeout?: number
  mounts: Record<string, unknown>[]
}
type Draft = Record<string, unknown>
type Step = (old: Old, draft: Draft) => void

/** Parts of a migration, by name, that stand instead of the right ones. */
export type PlantedBug = Partial<Record<keyof typeof steps, Step>>

/** The right migration, field by field, so that each can be replaced by a wrong one. */
const steps = {
  size: (old, draft) => {
    draft['size_bytes'] = old.size_gib * 2 ** 30
  },
  readOnly: (old, draft) => {
    if (old.readonly !== undefined) draft['read_only'] = old.readonly
  },
  mode: (old, draft) => {
    if (old.mode !== undefined) draft['mode'] = old.mode === 'fast' ? 'quick' : 'careful'
  },
  timeout: (old, draft) => {
    if (old.timeout !== undefined) draft['timeout_ms'] = old.timeout * 1_000
  },
  mounts: (old, draft) => {
    draft['mounts'] = old.mounts.map(({ src, ...rest }) => (rest['type'] === 'bind' ? { ...rest, source: src } : rest))
  },
} satisfies Record<string, Step>

const down = (next: Draft): Draft => ({
  size_gib: Math.floor(Number(next['size_bytes']) / 2 ** 30),
  ...(next['read_only'] === undefined ? {} : { readonly: next['read_only'] }),
  ...(next['mode'] === undefined ? {} : { mode: next['mode'] === 'quick' ? 'fast' : 'safe' }),
  ...(next['timeout_ms'] === undefined ? {} : { timeout: Math.floor(Number(next['timeout_ms']) / 1_000) }),
  mounts: (next['mounts'] as Draft[]).map(({ source, ...rest }) =>
    rest['type'] === 'bind' ? { ...rest, src: source } : rest,
  ),
})
const isExact = (next: Draft): boolean =>
  Number(next['size_bytes']) % 2 ** 30 === 0 && Number(next['timeout_ms'] ?? 0) % 1_000 === 0

/** A config whose migration has a bug, or none. */
export function plantBug(wrong: PlantedBug) {
  const all = Object.values({ ...steps, ...wrong })
  return defineDriverConfig('acme')
    .version(1, V1, emptyExamples)
    .version(2, V2, {
      ...showing({ size_bytes: 2 ** 30, mounts: [] }),
      up: (old) => {
        const draft: Draft = {}
        for (const step of all) step(old as unknown as Old, draft)
        return draft as never
      },
      down: (next, note) => {
        if (!isExact(next as Draft)) note('rounded down')
        return down(next as Draft) as never
      },
    })
    .build()
}

/** What two documents give when the migration is right. */
export const fixtures = [
  { version: 1, document: {}, gives: { size_bytes: 10 * 2 ** 30, mounts: [] } },
  {
    version: 1,
    document: {
      size_gib: 2,
      readonly: false,
      mode: 'safe',
      timeout: 5,
      mounts: [
        { type: 'bind', src: '/a' },
        { type: 'tmpfs', size: 7 },
      ],
    },
    gives: {
      size_bytes: 2 ** 31,
      read_only: false,
      mode: 'careful',
      timeout_ms: 5_000,
      mounts: [
        { type: 'bind', source: '/a' },
        { type: 'tmpfs', size: 7 },
      ],
    },
  },
]

/** Migrations that are wrong in one way each. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'unit forgotten': {
    size: (old, draft) => {
      draft['size_bytes'] = old.size_gib
    },
  },
  'unit decimal': {
    size: (old, draft) => {
      draft['size_bytes'] = old.size_gib * 1e9
    },
  },
  'unit too small': {
    size: (old, draft) => {
      draft['size_bytes'] = old.size_gib * 2 ** 20
    },
  },
  'off by one': {
    size: (old, draft) => {
      draft['size_bytes'] = old.size_gib * 2 ** 30 + 1
    },
  },
  'off by one unit': {
    size: (old, draft) => {
      draft['size_bytes'] = (old.size_gib + 1) * 2 ** 30
    },
  },
  'required field dropped': { size: () => undefined },
  'constant instead of value': {
    size: (_old, draft) => {
      draft['size_bytes'] = 2 ** 30
    },
  },
  'number as text': {
    size: (old, draft) => {
      draft['size_bytes'] = `${old.size_gib * 2 ** 30}`
    },
  },
  'flag inverted': {
    readOnly: (old, draft) => {
      if (old.readonly !== undefined) draft['read_only'] = !old.readonly
    },
  },
  'false taken for absent': {
    readOnly: (old, draft) => {
      if (old.readonly) draft['read_only'] = true
    },
  },
  'flag dropped': { readOnly: () => undefined },
  'wrong default': {
    readOnly: (old, draft) => {
      draft['read_only'] = old.readonly ?? true
    },
  },
  'old name kept': {
    readOnly: (old, draft) => {
      if (old.readonly !== undefined) draft['readonly'] = old.readonly
    },
  },
  'enum not mapped': {
    mode: (old, draft) => {
      if (old.mode !== undefined) draft['mode'] = old.mode
    },
  },
  'enum swapped': {
    mode: (old, draft) => {
      if (old.mode !== undefined) draft['mode'] = old.mode === 'safe' ? 'quick' : 'careful'
    },
  },
  'enum branch missing': {
    mode: (old, draft) => {
      if (old.mode === 'fast') draft['mode'] = 'quick'
    },
  },
  'seconds kept': {
    timeout: (old, draft) => {
      if (old.timeout !== undefined) draft['timeout_ms'] = old.timeout
    },
  },
  'zero taken for absent': {
    timeout: (old, draft) => {
      if (old.timeout) draft['timeout_ms'] = old.timeout * 1_000
    },
  },
  'throws without the field': {
    timeout: (old, draft) => {
      draft['timeout_ms'] = (old.timeout as number).valueOf() * 1_000
    },
  },
  'list dropped': {
    mounts: (_old, draft) => {
      draft['mounts'] = []
    },
  },
  'branch not renamed': {
    mounts: (old, draft) => {
      draft['mounts'] = old.mounts
    },
  },
  'branch dropped': {
    mounts: (old, draft) => {
      draft['mounts'] = old.mounts.filter((mount) => mount['type'] !== 'tmpfs')
    },
  },
  'order reversed': {
    mounts: (old, draft) => {
      steps.mounts(old, draft)
      draft['mounts'] = (draft['mounts'] as unknown[]).toReversed()
    },
  },
  'last item lost': {
    mounts: (old, draft) => {
      steps.mounts(old, draft)
      draft['mounts'] = (draft['mounts'] as unknown[]).slice(0, 2)
    },
  },
}
