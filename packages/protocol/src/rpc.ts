// The rich error model of gRPC: what `grpc-status-details-bin` holds.
export * from './gen/rpc/google/rpc/error_details_pb.js'
export * from './gen/rpc/google/rpc/status_pb.js'
