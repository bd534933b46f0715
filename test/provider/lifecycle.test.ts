import { lifecycleSuite } from "../support/lifecycle-suite.ts";

lifecycleSuite();
