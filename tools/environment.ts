/** What a machine's environment may say to the programs we start. Everything else stays out (PULUMI_*, PREFECT_*, proxies,
 *  GOFLAGS, …), so that a run means the same everywhere. */
const ORDINARY = ["PATH", "HOME", "USER", "SHELL", "TMPDIR", "LANG", "LC_ALL", "TERM", "CI", "SystemRoot"];

/** How this machine reaches package registries. For installing and building only. */
const PACKAGE_CLIENTS =
  /^(GOPROXY|GONOPROXY|GOPRIVATE|GOSUMDB|GONOSUMDB|GOTOOLCHAIN|GOPATH|GOCACHE|GOMODCACHE|PIP_\w+|UV_\w+|npm_config_\w+|\w*_proxy|\w*_CA_BUNDLE|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|XDG_CACHE_HOME)$/i;

export type Environment = { [name: string]: string };

export function ordinaryEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return kept(from, (name) => ORDINARY.includes(name));
}

export function buildEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return kept(from, (name) => ORDINARY.includes(name) || PACKAGE_CLIENTS.test(name));
}

/** Takes everything but the ordinary out of this process's own environment: libraries read it behind our back. */
export function forgetEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  const ordinary = ordinaryEnvironment(env);
  for (const name of Object.keys(env)) if (ordinary[name] === undefined) delete env[name];
}

function kept(from: NodeJS.ProcessEnv, wanted: (name: string) => boolean): Environment {
  const entries = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => wanted(name)));
}
