import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {openRunLog} from '../source/commands/open-run-log.js';
import {consortiumDefaults} from '../source/core/consortium.js';
import {drive} from '../source/core/drive.js';
import {runConsortium} from '../source/core/run-consortium.js';
import {readTemplates} from '../source/prompts.js';
import {createModels} from '../source/providers/resolve.js';
import {createWorld} from '../source/world.js';

/**
The same calls by the engine, with the log, as `run` makes them.
*/
const [baseUrl = '', members = '3', iterations = '1'] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
const world = createWorld();
const templates = readTemplates(null);
const models = createModels({
	random: Math.random,
	endpoints: [{name: 'mock', baseUrl, keyEnv: null, api: 'chat'}],
});
const cast = new Map([
	['mock/member', await models.resolve('mock/member')],
	['mock/arbiter', await models.resolve('mock/arbiter')],
]);
// The bare loop has its SDK loaded before its clock starts too.
await import('openai');
const log = await openRunLog(folder, {
	path: path.join(folder, 'log.db'),
	templates,
	redact: text => text,
	onTrouble(text) {
		console.error(text);
	},
});
const startedAt = performance.now();

const result = await drive(
	runConsortium(
		{
			...consortiumDefaults,
			name: 'bench',
			members: [{slot: 'member', model: 'mock/member', count: Number(members)}],
			arbiters: [{model: 'mock/arbiter'}],
			maxIterations: Number(iterations),
		},
		'Why?',
		{models: cast, templates, world, signal: new AbortController().signal},
	),
	[log!.listen],
);

const ms = performance.now() - startedAt;
log!.close();
rmSync(folder, {recursive: true});

if (result.status !== 'converged') {
	throw new Error(`The run was ${result.status}: ${result.reasons.join(' ')}`);
}

process.stdout.write(
	JSON.stringify({ms, rssMb: process.resourceUsage().maxRSS / 1024}),
);
