// Services that an operator plugs into a gateway of line 0.0: credential drivers, interceptors, middleware.
export * from './gen/v0-0/openshell/credentials/v1/credential_driver_pb.js'
export * from './gen/v0-0/openshell/gateway_interceptor/v1/gateway_interceptor_pb.js'
export * from './gen/v0-0/openshell/middleware/v1/supervisor_middleware_pb.js'
