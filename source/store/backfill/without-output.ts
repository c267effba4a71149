import {readArbiterPrompt} from './arbiter-prompt.js';
import {arbiterPlace, saidIn, toldIn, type ReadRow} from './arbiters.js';
import {scoreOf} from './evidence.js';
import {type Evidence} from './found.js';
import {
	isOutput,
	longest,
	tolerance,
	type PlannedRun,
	type Search,
} from './planned-run.js';
import {fold} from './text-hash.js';

/**
How long after one arbiter the next one of the same run may be asked, where no output tells how long the run took.
*/
const pause = 900_000;

type Group = {
	readonly question: string;
	readonly model: string;
	readonly found: ReadRow[];
};

/**
The runs without an output that arbiters are left over from: one after the other, an arbiter of the same model that was asked the same question and is told of the one before belongs to the same run. The rows are in the order of their calls.
*/
export function runsWithoutOutput(
	search: Search,
	rows: readonly number[],
): PlannedRun[] {
	const {index, source} = search;
	const groups: Group[] = [];

	for (const row of rows) {
		const stored =
			search.index.isUsed(row) || isOutput(search, row)
				? null
				: source.read(index.rowid(row));
		const prompt = stored && readArbiterPrompt(stored.prompt);

		if (!prompt) {
			continue;
		}

		const found = {row, prompt, response: stored.response.trim()};
		const question = fold(prompt.question);
		const told = toldIn(prompt);
		const group = groups.findLast(
			each =>
				each.question === question &&
				each.model === index.model(row) &&
				goesOn(search, each, row) &&
				saidIn(each.found.at(-1)!).some(hash => told.has(hash)),
		);

		if (group) {
			group.found.push(found);
		} else {
			groups.push({question, model: index.model(row), found: [found]});
		}
	}

	return groups.map(group => groupedRun(search, group));
}

function goesOn({index}: Search, {found}: Group, row: number): boolean {
	const last = found.at(-1)!.row;
	return (
		index.start(row) - index.end(last) <= pause &&
		index.start(row) >= index.end(last) - tolerance
	);
}

function groupedRun({index}: Search, {question, found}: Group): PlannedRun {
	const first = found[0]!.row;
	const last = found.at(-1)!;
	const run: PlannedRun = {
		output: null,
		outputId: null,
		recorded: null,
		question: last.prompt!.question.trim(),
		folded: question === '' ? [] : [question],
		answer: '',
		span: [index.start(first) - longest, index.end(last.row) + tolerance],
		arbiters: [],
		members: [],
		places: [],
		undecided: 0,
	};
	run.arbiters = found.map(({row, ...rest}, nth) => {
		const evidence: Evidence[] = ['form', 'question', 'time'];
		return {
			...rest,
			candidate: {
				place: arbiterPlace(run, nth + 1),
				row,
				evidence,
				score: scoreOf(evidence),
				gap: 0,
			},
		};
	});
	return run;
}
