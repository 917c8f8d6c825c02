import { startDevGateway } from '@openshell-ts/dev-gateway'
import { answerQuestions } from '../answer-questions.js'

/** A gateway with simulated sandboxes, whose memory is that of nobody else. */
const gateway = await startDevGateway()
process.once('SIGTERM', () => void gateway.close().then(() => process.exit()))
answerQuestions({ port: gateway.port })
