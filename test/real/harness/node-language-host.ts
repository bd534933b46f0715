import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import { setup } from "./setup.ts";

/** A stand-in for Pulumi's Node language host (pulumi-language-nodejs), which no package registry has: on the CLI's request it starts the
 *  SDK's runner in the project's folder, as that host does. Everything else of `pulumi up` is real. */
export class NodeLanguageHost implements AsyncDisposable {
  readonly #server = new grpc.Server();
  #port = 0;

  static async start(env: Record<string, string>): Promise<NodeLanguageHost> {
    const host = new NodeLanguageHost();
    host.#server.addService(rpc.LanguageRuntimeService, {
      ...unimplemented(),
      getRequiredPlugins: respondWith(new messages.GetRequiredPluginsResponse()),
      getRequiredPackages: respondWith(new messages.GetRequiredPackagesResponse()),
      getPluginInfo: respondWith(new plugins.PluginInfo().setVersion("1.0.0")),
      run: (call: grpc.ServerUnaryCall<messages.RunRequest, messages.RunResponse>, done: Done) => {
        void run(call.request, env).then(
          () => done(null, new messages.RunResponse()),
          (error: Error) => done(null, new messages.RunResponse().setError(error.message)),
        );
      },
    });
    host.#port = await new Promise<number>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      host.#server.bindAsync("127.0.0.1:0", credentials, (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    return host;
  }

  /** For `pulumi --client`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown();
  }
}

type Done = grpc.sendUnaryData<messages.RunResponse>;

async function run(request: messages.RunRequest, env: Record<string, string>): Promise<void> {
  const folder = request.getPwd();
  const runner = join(setup.project, "node_modules", "@pulumi", "pulumi", "cmd", "run");
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: request.getArgsList()[0],
    project: request.getProject(),
    stack: request.getStack(),
    pwd: folder,
    parallel: request.getParallel(),
    ...(request.getDryrun() ? { "dry-run": "true" } : {}),
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const config = Object.fromEntries(request.getConfigMap().entries());
  const child = spawn(process.execPath, [runner, ...args, folder], {
    cwd: folder,
    env: {
      ...env,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      // `typescript: false` in Pulumi.yaml: Node runs TypeScript by itself.
      PULUMI_NODEJS_TYPESCRIPT: "false",
    },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const stderr: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the program ended with ${code}: ${Buffer.concat(stderr)}`);
}

function respondWith<Response>(response: Response): grpc.handleUnaryCall<unknown, Response> {
  return (_call, done) => done(null, response);
}

/** The methods that running a program does not need. */
function unimplemented(): grpc.UntypedServiceImplementation {
  const error = { code: grpc.status.UNIMPLEMENTED, details: "not needed to run a program" };
  const refuse = (_call: unknown, done?: (error: object) => void) => done?.(error);
  return Object.fromEntries(Object.keys(rpc.LanguageRuntimeService).map((name) => [name, refuse]));
}
