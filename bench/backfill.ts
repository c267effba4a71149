import {rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {type FoundRun} from '../source/store/backfill/found.js';
import {findRuns} from '../source/store/backfill/find-runs.js';
import {planRuns} from '../source/store/backfill/plan-runs.js';
import {type Log} from '../source/store/log.js';
import {eras} from '../test/helpers/era-forms.js';
import {eraLog, logOf, qualityOf, type Quality} from '../test/helpers/eras.js';

/**
What the search for runs finds in generated logs of each era, beside the plan of 2025, and how fast it is. Sizes in runs may be given as arguments.
*/
async function found(
	log: Log,
	names: ReadonlySet<string>,
): Promise<{runs: FoundRun[]; doubts: number}> {
	const runs: FoundRun[] = [];
	let doubts = 0;

	for await (const each of findRuns(log, {names})) {
		if ('kind' in each) {
			doubts++;
		} else {
			runs.push(each);
		}
	}

	return {runs, doubts};
}

const percent = (share: number) => (share * 100).toFixed(1);
const cells = (quality: Quality) =>
	Object.values(quality)
		.map(({precision, recall}) => `${percent(precision)} / ${percent(recall)}`)
		.join(' | ');

console.log(
	'| era | ids | algorithm | outputs p / r | finals p / r | intermediate p / r | members p / r | nested p / r | doubts |\n|---|---|---|---|---|---|---|---|---|',
);

for (const era of eras) {
	for (const hasLateIds of [true, false]) {
		const made = eraLog({era, hasLateIds, seed: 7, runs: 600});
		const {rows, names} = made;
		const log = logOf(rows);
		const {runs, doubts} = await found(log, names);
		const label = `| ${era} | ${hasLateIds ? 'until 0.25' : 'from 0.26'} |`;
		console.log(
			`${label} ours | ${cells(qualityOf(made, runs))} | ${doubts} |`,
		);
		console.log(
			`${label} plan | ${cells(qualityOf(made, planRuns(log, {names}).runs))} | |`,
		);
		log.close();
	}
}

const sizes = process.argv.slice(2).map(Number);
console.log('\n| rows | MB | s | rows/s | peak MB |\n|---|---|---|---|---|');

for (const runs of sizes.length > 0 ? sizes : [2000, 8000, 32_000]) {
	const file = path.join(tmpdir(), `backfill-${process.pid}.db`);
	const {rows, names} = eraLog({era: 'c', hasLateIds: false, seed: 3, runs});
	const log = logOf(rows, file);
	const bytes = log
		.prepare<[], number>(
			'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size',
		)
		.pluck()
		.get()!;
	const begin = performance.now();

	for await (const _ of findRuns(log, {names})) {
		// Only the time counts.
	}

	const seconds = (performance.now() - begin) / 1000;
	console.log(
		`| ${rows.length} | ${Math.round(bytes / 1e6)} | ${seconds.toFixed(1)} | ${Math.round(rows.length / seconds)} | ${Math.round(process.resourceUsage().maxRSS / 1024)} |`,
	);
	log.close();
	rmSync(file);
}
