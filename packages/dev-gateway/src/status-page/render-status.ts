import type { RowCondition } from '../records/sandbox-row.js'
import type { TraceEntry } from '../trace/trace-entry.js'
import { escapeHtml } from './escape-html.js'
import type { SandboxView, StatusView } from './status-view.js'

/** The page's only style; the policy of the page names its hash. */
export const statusStyle = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif }
body { margin: 1.5rem; max-width: 80rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884 }
code, pre { font: 12px/1.4 ui-monospace, monospace; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.Ready, .OK { color: #1a7f37 } .Error, .refused { color: #cf222e }
`

/** The status page: plain HTML that asks for nothing else and renews itself. */
export function renderStatus({ version, endpoint, driverName, sandboxes, calls }: StatusView): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<title>OpenShell development gateway</title>
<style>${statusStyle}</style>
</head>
<body>
<h1>OpenShell development gateway</h1>
<p><code>${escapeHtml(endpoint)}</code>, version ${escapeHtml(version)}, driver <code>${escapeHtml(driverName)}</code>.
For development and tests. The same as JSON: <a href="/status.json">status.json</a>.</p>
<h2>Sandboxes (${sandboxes.length})</h2>
${table('sandboxes', ['Name', 'Phase', 'Conditions', 'Image', 'Block for the driver'], sandboxes.map(sandboxCells))}
<h2>Recent calls</h2>
${table('calls', ['Time', 'Direction', 'Method', 'Who', 'Sandbox', 'Status', 'Duration'], calls.map(callCells))}
</body>
</html>
`
}

function table(id: string, headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th>${heading}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')
  return `<table id="${id}">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`
}

function sandboxCells({ id, name, workspace, phase, exitCode, conditions, image, block }: SandboxView): string[] {
  const exit = exitCode === undefined ? '' : `, exit code ${exitCode}`
  return [
    `${escapeHtml(name)} in ${escapeHtml(workspace)}<br><code>${escapeHtml(id)}</code>`,
    `<span class="${escapeHtml(phase)}">${escapeHtml(phase)}</span>${exit}`,
    conditions.map(conditionText).join('<br>'),
    escapeHtml(image),
    block === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(block, null, 2))}</pre>`,
  ]
}

function conditionText({ type, status, reason, message }: RowCondition): string {
  return escapeHtml(`${type}=${status} ${reason}${message === '' ? '' : `: ${message}`}`)
}

function callCells({ time, side, type, method, who, sandbox, status, message, durationMs }: TraceEntry): string[] {
  // Events of watches are not among the recent calls.
  const started = type === 'stream-start'
  return [
    escapeHtml(time.toISOString()),
    side === 'driver' ? 'gateway → driver' : `${side} → gateway`,
    escapeHtml(type === 'call' ? method : `${method} (${type.replace('stream-', '')})`),
    escapeHtml(who),
    escapeHtml(sandbox),
    started ? '' : `<span class="${status === 'OK' ? 'OK' : 'refused'}">${escapeHtml(`${status} ${message}`)}</span>`,
    started ? '' : `${durationMs.toFixed(1)} ms`,
  ]
}
