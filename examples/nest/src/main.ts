import 'reflect-metadata'
import type { NestApplicationOptions } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module'

export function createApp(options: NestApplicationOptions = {}): Promise<NestExpressApplication> {
  // `rawBody` keeps the signed bytes; without it, the guard responds with 500, and the log says why
  return NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true, ...options })
}

if (require.main === module) {
  void createApp().then((app) => app.listen(Number(process.env['PORT'] ?? 3000)))
}
