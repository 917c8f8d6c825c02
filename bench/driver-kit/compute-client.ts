import { credentials } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'

/** A client of the driver on a socket, with a connection of its own. */
export function computeClient(socketPath: string): GrpcServiceClient<typeof ComputeDriver> {
  return new GrpcServiceClient(ComputeDriver, `unix:${socketPath}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    // To see how large an answer is; a gateway stops at 4 MiB.
    'grpc.max_receive_message_length': -1,
  })
}
