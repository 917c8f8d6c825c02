import { posix } from 'node:path'
import { importsOf, resolveRelative } from './imports.js'
import type { SourceFile } from './source-files.js'

type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** Circles of imports between files, imports of types included: `a.ts > b.ts > a.ts`. One for each knot. */
export function fileCircles(files: readonly SourceFile[]): string[] {
  return findCircles(graphOf(files, (path) => path))
}

/** The same between folders: data flows one way through the rooms of a package. */
export function folderCircles(files: readonly SourceFile[]): string[] {
  return findCircles(graphOf(files, posix.dirname))
}

function graphOf(files: readonly SourceFile[], nameOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>()
  for (const file of files) {
    const from = nameOf(file.path)
    const targets = graph.get(from) ?? new Set()
    graph.set(from, targets)
    for (const specifier of importsOf(file)) {
      const path = resolveRelative(file.path, specifier)?.replace(/\.js$/, '.ts')
      if (path !== undefined && nameOf(path) !== from) targets.add(nameOf(path))
    }
  }
  return graph
}

/** Goes depth first; a node that is met again on the way down closes a circle. */
function findCircles(graph: Graph): string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (node: string, way: readonly string[]): void => {
    const start = way.indexOf(node)
    if (start >= 0) circles.push([...way.slice(start), node].join(' > '))
    if (start >= 0 || done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...way, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return circles
}
