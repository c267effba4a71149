import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {type InstanceResult, type RunResult} from '../source/core/result.js';
import {vendorNamed} from '../source/providers/presets.js';
import {runCommand} from '../test/helpers/command.js';
import {apiNames, calledIn} from '../test/helpers/protocols.js';
import {type ApiName} from '../test/helpers/providers.js';
import {startWirePlayer} from '../test/helpers/wire-player.js';
import {faults, type Fault} from './fault-scenes.js';
import {markdown} from './markdown.js';

/*
How the built program takes each fault of a server, in each protocol. Of three members one meets the fault; the others, who agree, and the arbiter are simulated, so that whatever a run lacks it lacks because of the fault.
*/

const atOnce = 6;
const patienceMs = 60_000;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));

type Cell = {readonly text: string; readonly seconds: number};

async function meet(fault: Fault, api: ApiName): Promise<Cell> {
	const {provider, keyEnv} = calledIn[api];
	const player = await startWirePlayer((_, index) => fault.scene(api, index));
	const vendor = vendorNamed(provider);
	const home = mkdtempSync(path.join(folder, 'home-'));
	writeFileSync(
		path.join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			settings: fault.settings ?? {},
			endpoints: vendor
				? {}
				: {[provider]: {baseUrl: player.url, keyEnv, api: 'chat'}},
		}),
	);

	const from = performance.now();
	const {code, stdout} = await runCommand(
		[
			process.execPath,
			'dist/cli.js',
			'run',
			'--json',
			'--no-stdin',
			'--no-log',
			'-m',
			'demo/optimist?delay=0',
			'-m',
			'demo/careful?delay=0',
			'-m',
			`${provider}/faulty`,
			'--arbiter',
			'demo/arbiter?delay=0',
			'Tabs or spaces?',
		],
		{
			env: {
				CONSORTIUM_TUI_HOME: home,
				[keyEnv]: 'none-for-the-mock',
				...(vendor && {
					[vendor.baseUrlEnv]:
						api === 'responses' ? player.url : player.url.replace(/\/v1$/, ''),
				}),
			},
			patienceMs,
		},
	);
	const seconds = (performance.now() - from) / 1000;
	await player.close();

	return {
		text: `${told(code, stdout)} · ${player.seen.length}`,
		seconds,
	};
}

/**
How the faulty instance ended, and the run.
*/
function told(code: number | null, stdout: string): string {
	if (code === null) {
		return 'hangs';
	}

	if (stdout === '') {
		return `no result · exit ${code}`;
	}

	const {iterations, status} = JSON.parse(stdout) as RunResult;
	const instance = iterations
		.at(-1)
		?.instances.find(({model}) => model.endsWith('/faulty'));

	return `${instance ? stateOf(instance) : 'not asked'} · ${status} ${code}`;
}

function stateOf({state, failure}: InstanceResult): string {
	return failure ? `${state} (${failure.kind})` : state;
}

const cells = new Map<string, Cell>();
const nameOf = (fault: Fault, api: ApiName) => `${fault.name} ${api}`;
const waiting = faults
	.flatMap(fault => apiNames.map(api => ({fault, api})))
	.values();

await Promise.all(
	Array.from({length: atOnce}, async () => {
		for (const {fault, api} of waiting) {
			cells.set(nameOf(fault, api), await meet(fault, api));
		}
	}),
);

console.log(
	'Each cell: state of the instance (kind of its failure) · status of the run and exit code · requests the server saw\n',
);
console.log(
	markdown(
		['fault', ...apiNames, 'longest s'],
		faults.map(fault => {
			const row = apiNames.map(api => cells.get(nameOf(fault, api))!);

			return [
				fault.name,
				...row.map(({text}) => text),
				Math.max(...row.map(({seconds}) => seconds)).toFixed(1),
			];
		}),
	),
);

for (const {name, difference} of faults) {
	if (difference !== undefined) {
		console.log(`- ${name}: ${difference}`);
	}
}

rmSync(folder, {recursive: true});
