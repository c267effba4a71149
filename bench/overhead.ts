import {mkdtempSync, rmSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {build} from 'esbuild';
import {median, runChild, startMock} from './children.js';

/*
Time beyond the ideal critical path (each iteration: the members together, then the arbiter), of the engine with its log and of a bare loop over the same SDK, in turns against the same mock. Both are bundled, so that no loader of sources is measured.
*/

const latencyMs = 500;
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(path.join(process.cwd(), 'node_modules', '.bench-'));

await build({
	entryPoints: ['bench/bare-loop.ts', 'bench/engine-loop.ts'],
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	outdir: folder,
	external: ['better-sqlite3'],
	logLevel: 'warning',
	banner: {
		js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
	},
});

type Figures = {readonly ms: number; readonly rssMb: number};

async function measure(script: string, words: readonly string[]) {
	const {stdout} = await runChild([path.join(folder, script), ...words]);
	return JSON.parse(stdout) as Figures;
}

console.log(
	`latency ${latencyMs} ms, median of ${rounds}, over = time beyond the ideal path\n`,
);
console.log(
	'| instances | iterations | ideal ms | bare SDK over | engine over | points between | bare MB | engine MB |',
);
console.log('|---|---|---|---|---|---|---|---|');

for (const iterations of [1, 3]) {
	for (const members of [3, 24, 64]) {
		const ideal = iterations * 2 * latencyMs;
		const bare: Figures[] = [];
		const engine: Figures[] = [];
		const mock = await startMock(latencyMs, iterations);

		for (let round = 0; round < rounds; round++) {
			const words = [mock.url, String(members), String(iterations)];
			bare.push(await measure('bare-loop.js', words));
			engine.push(await measure('engine-loop.js', words));
		}

		mock.close();
		const over = (figures: readonly Figures[]) =>
			(100 * (median(figures.map(({ms}) => ms)) - ideal)) / ideal;
		const memory = (figures: readonly Figures[]) =>
			median(figures.map(({rssMb}) => rssMb)).toFixed(0);

		console.log(
			`| ${members} | ${iterations} | ${ideal} | ${over(bare).toFixed(1)}% | ${over(engine).toFixed(1)}% | ${(over(engine) - over(bare)).toFixed(1)} | ${memory(bare)} | ${memory(engine)} |`,
		);
	}
}

rmSync(folder, {recursive: true});
