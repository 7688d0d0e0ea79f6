import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { Logger } from 'pino'
import { register } from 'prom-client'
import { createGuard } from '@countersign/core'
import { featkit } from '@countersign/core/schemes'
import { run } from './run'
import { example } from './documents'

const guard = createGuard(featkit({ secret: 'the secret of the page, and a long one' }))

/** Refuses a request without a credential, and one with a misshapen one. */
async function refuseTwo(): Promise<void> {
  for (const target of ['/', '/?token=x']) {
    const request = { method: 'GET', target, headers: () => [], body: () => Buffer.alloc(0) }
    await guard.decide({ ...request, native: {} })
  }
}

describe('the page of logs and metrics', () => {
  it('counts refusals for Prometheus by scheme and code', async () => {
    run(example('docs/observability.md', 'prometheus.ts'))
    await refuseTwo()
    const text = await register.getSingleMetricAsString('countersign_rejected_total')
    expect(text.split('\n').filter((line) => line.startsWith('countersign'))).toEqual([
      'countersign_rejected_total{scheme="featkit",code="credential_missing"} 1',
      'countersign_rejected_total{scheme="featkit",code="token_malformed"} 1',
    ])
  })

  it('logs refusals with pino, without the credential', async () => {
    const { logger } = run<{ logger: Logger }>(example('docs/observability.md', 'pino.ts'))
    const lines: unknown[] = []
    jest.spyOn(logger, 'warn').mockImplementation((...line) => void lines.push(line))
    await refuseTwo()
    jest.restoreAllMocks()
    logger.level = 'silent' // its subscription outlives this test
    const event = { scheme: 'featkit', tenant: null, keyId: null, status: 401 }
    expect(lines).toEqual(
      [
        ['credential_missing', 'no credential was sent'],
        ['token_malformed', 'there is no "." between a payload and a signature'],
      ].map(([code, detail]) => [{ ...event, code, detail }, 'signed user refused']),
    )
  })

  it('counts refusals for OpenTelemetry by scheme and code', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    run(example('docs/observability.md', 'opentelemetry.ts'))
    await refuseTwo()
    await reader.forceFlush()
    const [metric] = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? []
    expect(metric?.descriptor.name).toBe('countersign.rejected')
    expect(metric?.dataPoints.map(({ attributes, value }) => [attributes, value])).toEqual(
      ['credential_missing', 'token_malformed'].map((code) => [{ scheme: 'featkit', code }, 1]),
    )
    await reader.shutdown()
  })
})
