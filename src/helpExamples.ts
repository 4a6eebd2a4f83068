/** Real examples, three or more for each command: what to type, and what comes of it. `tune` is the command without a word. */
export const examples: Readonly<Record<string, readonly (readonly [line: string, meaning: string])[]>> = {
  tune: [
    ['tune -f ./my-function', 'a folder, measured here'],
    ['tune -f orders --dry-run', 'what it would cost'],
    ['tune -f orders:live -m 512,1024 --max-spend-usd 0.5', 'within 50 cents'],
  ],
  check: [
    ['tune check -f orders --against orders:live --max-spend-usd 0.2', 'with what is deployed, side by side'],
    ['tune check -f orders --baseline tune.json --update-baseline', 'with a saved run; written anew after a pass'],
    ['tune check -f ./build --against ./main-build -m 512', 'two folders, on this machine'],
  ],
  migrate: [
    ['tune migrate -f orders --preflight-only', 'is every file ready for arm64?'],
    ['tune migrate -f orders --max-spend-usd 1 --requests-per-month 30M', 'measured, with savings'],
    ['tune migrate -f orders:live --arm64-code dist-arm64.zip --require both', 'another build, for CI'],
  ],
  cleanup: [
    ['tune cleanup --dry-run', 'what killed runs left here'],
    ['tune cleanup --run 3fk29a', 'all of one run'],
    ['tune cleanup --older-than 12h --region eu-west-1', 'what yesterday left'],
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
