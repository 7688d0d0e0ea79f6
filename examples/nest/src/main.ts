import 'reflect-metadata'
import type { NestApplicationOptions } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module'

export function createApp(options: NestApplicationOptions = {}): Promise<NestExpressApplication> {
  // `rawBody` keeps the bytes that were signed; without it, the guard answers 500 and the log says so
  return NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true, ...options })
}

if (require.main === module) {
  void createApp().then((app) => app.listen(Number(process.env['PORT'] ?? 3000)))
}
