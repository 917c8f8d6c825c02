import { type DescFile, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import type { Server } from '@grpc/grpc-js'
import { file_openshell_compute_v1_compute_driver } from '@openshell-ts/protocol/compute'
import { file_grpc_health_v1_health } from '@openshell-ts/protocol/health'

/** Lets tools such as grpcurl ask what the driver serves. */
export async function addReflection(server: Server): Promise<void> {
  // Loaded on demand: the package reads its own files while it is imported.
  const { ReflectionService } = await import('@grpc/reflection')
  const files = withDependencies([file_openshell_compute_v1_compute_driver, file_grpc_health_v1_health])
  const fileDescriptorProtos = files.map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)))
  // The package reads nothing of a definition but its descriptors.
  const type = { format: 'Protocol Buffer 3 DescriptorProto' as const, type: {}, fileDescriptorProtos }
  new ReflectionService({ 'openshell.compute.v1': type }).addToServer(server)
}

function withDependencies(files: readonly DescFile[]): DescFile[] {
  const found = new Map<string, DescFile>()
  const visit = (file: DescFile) => {
    if (found.has(file.name)) return
    found.set(file.name, file)
    file.dependencies.forEach(visit)
  }
  files.forEach(visit)
  return [...found.values()]
}
