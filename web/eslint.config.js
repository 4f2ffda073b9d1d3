import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

// shared -> features -> app. Files of one folder may use "./name"; everything else is asked for by its room ("@/..."),
// so that one list of forbidden rooms a folder holds the arrow.
const room = (name, forbidden) => ({
  files: [`src/${name}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["../*"], message: "Ask for other rooms by name: @/room/file." },
          ...forbidden.map((other) => ({ group: [`@/${other}`, `@/${other}/*`], message: `${name} may not use ${other}.` })),
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ["dist", "dev", "node_modules", "src/generated"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
  room("generated", ["lib", "hooks", "components", "features", "app"]),
  room("lib", ["hooks", "components", "features", "app"]),
  room("hooks", ["components", "features", "app"]),
  room("components", ["features", "app"]),
  room("features", ["features", "app"]),
  { files: ["src/features/**/*.{ts,tsx}"], rules: { "max-lines": ["error", { max: 120 }] } },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["scripts/**", "eslint.config.js"],
    ...ts.configs.disableTypeChecked,
    rules: { ...ts.configs.disableTypeChecked.rules, "no-console": "off", "no-undef": "off" },
  },
);
