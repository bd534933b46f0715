import { describe, expect, it } from "vitest";
import { buildEnvironment, clearEnvironment, ordinaryEnvironment } from "../../tools/environment.ts";

const machine = {
  PATH: "/bin",
  HOME: "/home/ada",
  CI: "true",
  PULUMI_ACCESS_TOKEN: "t",
  PULUMI_CONFIG_PASSPHRASE: "p",
  PREFECT_API_URL: "http://elsewhere/api",
  GOFLAGS: "-mod=vendor",
  TF_CLI_CONFIG_FILE: "/home/ada/.terraformrc",
  NODE_OPTIONS: "--inspect",
  HTTPS_PROXY: "http://proxy",
  no_proxy: "localhost",
  GOPROXY: "https://proxy.example",
  PIP_INDEX_URL: "https://pip.example",
  npm_config_registry: "https://npm.example",
  SSL_CERT_FILE: "/certs.pem",
};

describe("the environment of what we start", () => {
  it("has the ordinary in it, and nothing of the machine's tools", () => {
    expect(ordinaryEnvironment(machine)).toEqual({ PATH: "/bin", HOME: "/home/ada", CI: "true" });
  });

  it("says, for installing and building, how this machine reaches registries", () => {
    const { PATH, HOME, CI, HTTPS_PROXY, no_proxy, GOPROXY, PIP_INDEX_URL, npm_config_registry, SSL_CERT_FILE } =
      machine;
    const wanted = {
      PATH,
      HOME,
      CI,
      HTTPS_PROXY,
      no_proxy,
      GOPROXY,
      PIP_INDEX_URL,
      npm_config_registry,
      SSL_CERT_FILE,
    };
    expect(buildEnvironment(machine)).toEqual(wanted);
  });

  it("is what this process keeps of its own when it forgets the rest", () => {
    const own: NodeJS.ProcessEnv = { ...machine };
    clearEnvironment(own);
    expect(own).toEqual({ PATH: "/bin", HOME: "/home/ada", CI: "true" });
  });
});
