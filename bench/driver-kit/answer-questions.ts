import type { Answer, Question } from './child-messages.js'

/** Answers the questions of the benchmark that started this process, and tells it that the server serves. */
export function answerQuestions(
  change: (changes: number, perSecond: number) => Promise<number> = () => Promise.resolve(0),
): void {
  process.on('message', (question: Question) => {
    if (question.ask === 'processor') answer(processor())
    else if (question.ask === 'memory') answer(memory())
    else void change(question.changes, question.perSecond).then((tookMs) => answer({ answer: 'changes', tookMs }))
  })
  // The server is of no use to anybody else.
  process.once('disconnect', () => process.exit())
  answer({ answer: 'serving' })
}

function processor(): Answer {
  const { user, system } = process.cpuUsage()
  return { answer: 'processor', cpuMs: (user + system) / 1_000 }
}

function memory(): Answer {
  const peakRssBytes = process.resourceUsage().maxRSS * 1_024
  return { answer: 'memory', rssBytes: process.memoryUsage.rss(), peakRssBytes }
}

function answer(message: Answer): void {
  process.send?.(message)
}
