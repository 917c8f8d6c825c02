import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { ProcessGroups } from './process-groups.js'
import { runningGroups } from './running-groups.js'

// The group's only process ends when its parent has become a program that never asks about it.
const ENDED_LEADER =
  'setsid sh -c "until grep -q sleep /proc/\\$PPID/comm; do :; done; echo \\$\\$; exit" & exec sleep 1000'

test.runIf(process.platform === 'linux')(
  'a group whose processes have all ended is not waited for until somebody asks about them',
  async () => {
    const parent = spawn('sh', ['-c', ENDED_LEADER], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    try {
      const [line] = await once(createInterface({ input: parent.stdout }), 'line')
      const group = Number(line)
      const groups = new ProcessGroups('no process has this mark')
      groups.add(group)
      expect(await groups.killAll()).toBe(true)
      // The system takes the group for alive still.
      expect(process.kill(-group, 0)).toBe(true)
      expect([...((await runningGroups()) ?? [])]).not.toContain(group)
      expect([...((await runningGroups()) ?? [])]).toContain(parent.pid)
    } finally {
      parent.kill('SIGKILL')
      await once(parent, 'close')
    }
  },
)
