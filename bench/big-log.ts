import {existsSync} from 'node:fs';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {openLog} from '../source/store/database.js';
import {createRunLog} from '../source/store/run-log.js';
import {createLogGenerator} from './log-generator.js';

const batch = 5000;

/**
Milliseconds that the log's writer takes for 1,000 responses of runs, at each size.
*/
export type InsertCost = {
	readonly at: number;
	readonly ms: number;

	/**
	Of the processor; the writer waits for the disk besides.
	*/
	readonly processorMs: number;
};

/**
Make a log of so many responses; each quarter of the way the writer is measured as a run uses it, a commit for each answer.
*/
export async function makeBigLog(
	path: string,
	total: number,
	onProgress: (responses: number) => void = () => undefined,
): Promise<InsertCost[]> {
	const log = openLog(path);
	const generator = createLogGenerator(log, {seed: 1, total});
	const costs: InsertCost[] = [];
	let responses = 0;

	const measure = async () => {
		const events = await generator.runs(1000);
		const write = createRunLog(log);
		const [from, before] = [performance.now(), process.cpuUsage()];

		for (const event of events.flat()) {
			write(event);
		}

		write.close();
		const ms = performance.now() - from;
		const {user, system} = process.cpuUsage(before);
		costs.push({at: responses, ms, processorMs: (user + system) / 1000});
		responses += events
			.flat()
			.filter(({type}) => type === 'call-end' || type === 'run-end').length;
	};

	await measure();

	for (const quarter of [1, 2, 3, 4]) {
		while (responses < (total * quarter) / 4) {
			responses += await generator.add(
				Math.min(batch, (total * quarter) / 4 - responses),
			);
			onProgress(responses);
		}

		await measure();
	}

	log.close();
	return costs;
}

if (import.meta.main) {
	const {positionals} = parseArgs({allowPositionals: true});
	const [path = 'big-log.db', total = '1000000'] = positionals;

	if (existsSync(path)) {
		throw new Error(`${path} is there already.`);
	}

	const from = performance.now();
	const costs = await makeBigLog(path, Number(total), responses => {
		const seconds = (performance.now() - from) / 1000;
		process.stderr.write(`${responses} after ${seconds.toFixed(0)} s\n`);
	});
	console.table(costs);
}
