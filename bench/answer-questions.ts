import type { Answer, Question } from './child-messages.js'

/** What a server can be asked beyond its cost, and where it serves. */
export interface AnswerQuestionsOptions {
  /** Makes so many changes, so many a second; resolves with how long it took, in milliseconds. Absent: makes none. */
  readonly change?: (changes: number, perSecond: number) => Promise<number>
  /** The TCP port on which it serves. @default 0 */
  readonly port?: number
}

/** Answers the questions of the benchmark that started this process, and tells it that the server serves. */
export function answerQuestions({ change = async () => 0, port = 0 }: AnswerQuestionsOptions = {}): void {
  process.on('message', (question: Question) => {
    if (question.ask === 'processor') answer(processor())
    else if (question.ask === 'memory') answer(memory())
    else void change(question.changes, question.perSecond).then((tookMs) => answer({ answer: 'changes', tookMs }))
  })
  // The server is of no use to anybody else.
  process.once('disconnect', () => process.exit())
  answer({ answer: 'serving', port })
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
