/** Real examples, three or more for each command: what to type, and what comes of it. `tune` is the command without a word. */
export const examples: Readonly<Record<string, readonly (readonly [line: string, meaning: string])[]>> = {
  tune: [
    ['tune -f ./my-function', 'a folder, measured here'],
    ['tune -f orders --dry-run', 'what it would cost'],
    ['tune -f orders:live -m 512,1024 --max-spend-usd 0.5', 'within 50 cents'],
  ],
  check: [
    ['tune check -f orders --against orders:live', 'with what is deployed'],
    ['tune check -f orders --baseline base.json', 'with a saved run'],
    ['tune check -f ./build --against ./main-build', 'two folders, here'],
  ],
  baseline: [
    ['tune baseline -f orders --report json=base.json', 'what is deployed'],
    ['tune baseline -f ./build --report json=base.json', 'of a folder, here'],
    ['tune baseline --max-spend-usd 1', 'of all in tune.config.json'],
  ],
  migrate: [
    ['tune migrate -f orders --preflight-only', 'are all files ready?'],
    ['tune migrate -f orders --max-spend-usd 1', 'measured side by side'],
    ['tune migrate -f orders --arm64-code arm.zip', 'another build'],
  ],
  cleanup: [
    ['tune cleanup --dry-run', 'what killed runs left here'],
    ['tune cleanup --run 3fk29a', 'all of one run'],
    ['tune cleanup --older-than 12h --region eu-west-1', 'what yesterday left'],
  ],
  policy: [
    ['tune policy', 'for any function'],
    ['tune policy -f orders > policy.json', 'for one, and what it uses'],
    ['tune policy -f orders --format terraform', 'as a data source and policy'],
  ],
  doctor: [
    ['tune doctor', 'this machine and account'],
    ['tune doctor -f orders:live', 'and this function'],
    ['tune doctor --profile prod --region eu-west-1', 'with another profile'],
  ],
  report: [
    ['tune report run.json', 'the table again'],
    ['tune report run.json --report markdown=run.md', 'for a comment or a wiki'],
    ['tune report run.json --report svg=run.svg', 'the figure, for a README'],
  ],
  local: [
    ['tune local', 'on a free port'],
    ['tune local --port 9001 --region eu-central-1', 'at a fixed place'],
    ['tune -f hello --endpoint-url http://127.0.0.1:9001', 'measures there'],
  ],
  completion: [
    ['source <(tune completion bash)', 'in ~/.bashrc'],
    ['source <(tune completion zsh)', 'in ~/.zshrc, after compinit'],
    ['tune completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
};
