import {
  Controller,
  createParamDecorator,
  Module,
  Post,
  type ExecutionContext,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import {
  fdback,
  getPortalUser,
  requireSignedUser,
  signEndpoint,
  type PortalUser,
} from '@countersign/express'
import cookieParser from 'cookie-parser'
import type { Request } from 'express'
import { createSession } from './session'

/** `@SignedUser()`: the user that the guard has verified. */
export const SignedUser: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    getPortalUser(context.switchToHttp().getRequest<Request>()),
)

@Controller('api/auth')
export class AuthController {
  @Post('sdk-login')
  login(@SignedUser() { id }: PortalUser): { readonly id: string | null } {
    return { id }
  }
}

@Module({ controllers: [AuthController] })
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    const user = createSession(process.env['SESSION_SECRET'])
    const portal = fdback({
      workspaceId: process.env['FDBACK_WORKSPACE_ID'],
      secret: process.env['FDBACK_SECRET'],
    })
    // The app's side: this middleware sends the response, so no controller is needed.
    consumer.apply(cookieParser(), signEndpoint(portal, { user })).forRoutes('api/portal/sign')
    // The portal's side: a middleware of Express guards the controller.
    consumer.apply(requireSignedUser(portal)).forRoutes(AuthController)
  }
}
