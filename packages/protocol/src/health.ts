// The standard gRPC health service.
export * from './gen/health/grpc/health/v1/health_pb.js'
