/** The only variables of this machine's environment that the programs we start may see. Others (PULUMI_*, PREFECT_*, proxies, GOFLAGS, …)
 *  are left out, so that a run gives the same results everywhere. */
const ORDINARY = ["PATH", "HOME", "USER", "SHELL", "TMPDIR", "LANG", "LC_ALL", "TERM", "CI", "SystemRoot"];

/** Settings of package managers, for installing and building only. */
const PACKAGE_CLIENTS =
  /^(GOPROXY|GONOPROXY|GOPRIVATE|GOSUMDB|GONOSUMDB|GOTOOLCHAIN|GOPATH|GOCACHE|GOMODCACHE|PIP_\w+|UV_\w+|npm_config_\w+|\w*_proxy|\w*_CA_BUNDLE|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|XDG_CACHE_HOME)$/i;

export type Environment = { [name: string]: string };

export function ordinaryEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return filtered(from, (name) => ORDINARY.includes(name));
}

export function buildEnvironment(from: NodeJS.ProcessEnv = process.env): Environment {
  return filtered(from, (name) => ORDINARY.includes(name) || PACKAGE_CLIENTS.test(name));
}

/** Reduces this process's own environment to the ordinary variables, because libraries read it. */
export function clearEnvironment(env: NodeJS.ProcessEnv = process.env): void {
  const ordinary = ordinaryEnvironment(env);
  for (const name of Object.keys(env)) if (ordinary[name] === undefined) delete env[name];
}

function filtered(from: NodeJS.ProcessEnv, isAllowed: (name: string) => boolean): Environment {
  const entries = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => isAllowed(name)));
}
