import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {overlayWords} from '../../../source/ui/overlay-words.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {
	overlayLoaded,
	pressOverlay,
	type Overlay,
} from '../../../source/ui/overlays/overlay.js';
import {openIn, reviewOf, wishIn} from '../../../source/ui/overlays/review.js';
import {
	type DoubtEntry,
	type ProposalEntry,
} from '../../../source/ui/log-entries.js';
import {
	after,
	anyOverlayKey,
	requested,
	space,
	stepOf,
	told,
	wanted,
} from '../../helpers/overlays.js';
import {columnsIn} from '../../../source/ui/overlays/rows.js';

const doubt = (id: string, changes: Partial<DoubtEntry> = {}): DoubtEntry => ({
	id,
	reason: `Reason of ${id}.`,
	response: {
		model: 'luna',
		at: Date.UTC(2026, 1, 2),
		prompt: 'What is it?',
		text: 'It is a lake.',
	},
	proposals: [1, 2].map(iteration => ({
		role: 'member',
		iteration,
		instance: `luna#${iteration}`,
		evidence: ['the run asked this model'],
		score: 2.5,
		runId: `01run${iteration}we05`,
		run: {
			consortium: 'trio',
			question: `Question of ${id}?`,
			at: Date.UTC(2026, 1, 2, 3, 4, 5, 678),
			endedAt: Date.UTC(2026, 1, 2, 3, 4, 9, 12),
			members: 1,
			arbiters: 2,
			problems: ['Its first question is missing.'],
		},
	})),
	...changes,
});

const page = (count: number, from = 0, open = count) =>
	({
		kind: 'doubts',
		after: from === 0 ? null : `d${from - 1}`,
		entries: Array.from({length: count}, (_, index) =>
			doubt(`d${from + index}`),
		),
		open,
	}) as const;

const list = (count = 3) => told(reviewOf(), page(count));

const linesOf = (overlay: Overlay, columns = 80) =>
	faceOf(overlay, {...space, columns}).rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);

const decisions = (overlay: Overlay, ...chords: string[]) =>
	requested(stepOf(overlay, ...chords), 'decide-doubt').map(
		({id, choice}) => [id, choice] as const,
	);

test('a number accepts a proposal, Enter the marked one, n none of them, and the next one is picked', () => {
	assert.deepEqual(decisions(list(), '2'), [['d0', 1]]);
	assert.deepEqual(decisions(list(), 'right', 'enter'), [['d0', 0]]);
	assert.deepEqual(decisions(list(), 'right', 'right', 'enter'), [['d0', 1]]);
	assert.deepEqual(decisions(list(), 'left', 'enter'), [['d0', 1]]);
	assert.deepEqual(decisions(list(), 'n'), [['d0', null]]);

	const next = after(list(), '1');
	assert.match(linesOf(next)[0]!, /^› luna {2}Question of d1\?/v);
	assert.equal(next.open, 2);
	assert.equal(faceOf(next, space).note, '1 of 2 · 1 decided');
});

test('Enter marks a proposal before it decides anything, and the mark stays with its answer', () => {
	assert.doesNotMatch(linesOf(list()).join('\n'), /› \d {2}/v);
	const step = stepOf(list(), 'enter');
	assert.equal(step.requests, undefined);
	const text = linesOf(step.overlay!).join('\n');
	assert.match(text, /1 is marked: Enter accepts it/v);
	assert.match(text, /› 1 {2}member/v);
	assert.deepEqual(decisions(list(), 'enter', 'enter'), [['d0', 0]]);
	assert.deepEqual(decisions(list(), 'right', 'down', 'enter'), []);
	assert.deepEqual(decisions(after(list(), 'right', 'n'), 'enter'), []);
});

test('a proposal that is marked is on the screen, however many rows the others have', () => {
	for (const rows of [10, 16]) {
		const small = {...space, columns: 60, rows};
		let review: Overlay = list(1);

		for (const number of [1, 2, 2]) {
			review = pressOverlay(review, {chord: 'right', text: ''}, small).overlay!;
			const text = faceOf(review, small)
				.rows.map(row => row.map(each => each.text).join(''))
				.join('\n');
			assert.match(text, new RegExp(`› ${number}  member`, 'v'));
		}
	}
});

test('the last decision is told until something else is said', () => {
	const next = after(list(), '2');
	const line = /── luna → run …we05: u takes it back ─/v;
	assert.match(linesOf(next, 60).join('\n'), line);
	assert.match(linesOf(after(next, 'down', 's')).join('\n'), line);
	assert.match(linesOf(after(next, 'n')).join('\n'), /luna → no run: u/v);
	assert.doesNotMatch(linesOf(after(next, 'u')).join('\n'), line);
	assert.match(linesOf(after(list(1), '1')).join('\n'), /→ run …we05: u/v);
});

test('a number without a proposal says so until the next key', () => {
	const none = after(list(), '3');
	assert.deepEqual(decisions(list(), '3'), []);
	assert.match(linesOf(none).join('\n'), /There is no proposal 3\./v);
	assert.doesNotMatch(linesOf(after(none, 'down')).join('\n'), /proposal 3/v);
});

test('F1 and a question mark show the keys of the list', () => {
	for (const chord of ['f1', '?']) {
		const {opens} = stepOf(list(), chord);
		assert.match(linesOf(opens!).join('\n'), /takes? back[^]*close the list/v);
	}
});

test('the footer says how to leave and how to learn the keys at any width', () => {
	for (const columns of [24, 60, 80, 120]) {
		const {keys} = faceOf(list(), {...space, columns});
		assert.ok(keys.length <= columns - 2);
		assert.match(keys, /\? keys · Esc$/v);
	}

	assert.match(
		faceOf(list(), {...space, columns: 60}).keys,
		/^1–9 accept · n none · u undo/v,
	);
});

test('what is skipped stays, and is marked', () => {
	const skipped = after(list(), 's');
	assert.match(linesOf(skipped)[0]!, /Question of d0.*skipped/v);
	assert.match(linesOf(skipped)[1]!, /^› luna {2}Question of d1/v);
	assert.deepEqual(decisions(skipped, 'n'), [['d1', null]]);
});

test('u takes decisions back, the latest first, and picks what is open again', () => {
	const both = after(list(), '1', 'n');
	const step = stepOf(both, 'u');
	assert.deepEqual(step.requests, [{type: 'undo-decision', id: 'd1'}]);
	assert.match(linesOf(step.overlay!)[0]!, /^› luna {2}Question of d1/v);
	const again = stepOf(step.overlay!, 'u');
	assert.deepEqual(again.requests, [{type: 'undo-decision', id: 'd0'}]);
	assert.deepEqual(stepOf(again.overlay!, 'u').requests, [
		{type: 'undo-decision', id: null},
	]);
});

test('what was decided before the list was opened is taken back, read anew and picked', () => {
	const step = overlayLoaded(list(2), {
		kind: 'doubt',
		id: 'd5',
		became: 'open',
	});
	assert.deepEqual(wanted(step, 'doubts'), [{kind: 'doubts', after: null}]);
	const read = told(step.overlay! as ReturnType<typeof list>, page(6));
	assert.equal(read.at, 5);
	assert.match(linesOf(read).join('\n'), /› luna {2}Question of d5/v);
});

test('what could not be decided, or taken back, is in its place again', () => {
	const failed = told(after(list(), '1'), {
		kind: 'doubt',
		id: 'd0',
		became: 'open',
	});
	assert.deepEqual([failed.open, failed.decided], [3, []]);
	assert.match(linesOf(failed)[0]!, /^› luna {2}Question of d0/v);

	const kept = told(after(list(), '1', 'u'), {
		kind: 'doubt',
		id: 'd0',
		became: 'decided',
	});
	assert.deepEqual([kept.open, kept.decided], [2, ['d0']]);
});

test('both sides are shown: what was answered, the end of its prompt, and where it may belong', () => {
	for (const columns of [80, 120]) {
		const text = [list(), after(list(), 'end')]
			.flatMap(each => linesOf(each, columns))
			.join('\n');
		assert.match(text, /luna · 2026-02-0\d \d\d:\d\d:00\.000/v);
		assert.match(text, /1 {2}member · luna#1 · iteration 1 · run …we05/v);
		assert.match(text, /trio, 2026.*:05\.678 – \d\d:\d\d:09\.012/v);
		assert.match(text, /1 member, 2 arbiters\. Its first question/v);
		assert.match(text, /“Question of d0\?”/v);
		assert.match(text, /It is a lake\.[^]*end of its prompt[^]*> What is/v);
	}
});

test('what speaks for a proposal is said where it differs from the others', () => {
	const shown = (...changes: Array<Partial<ProposalEntry>>) =>
		linesOf(
			told(reviewOf(), {
				...page(1),
				entries: [
					doubt('d0', {
						proposals: changes.map(each => ({
							...doubt('d0').proposals[0]!,
							...each,
						})),
					}),
				],
			}),
			120,
		).join('\n');

	assert.match(shown({}, {}), /The log cannot tell them apart\./v);
	assert.doesNotMatch(shown({}, {}), /for it/v);
	const differing = shown({}, {evidence: ['time', 'the run asked this model']});
	assert.match(differing, /for it: time/v);
	assert.doesNotMatch(differing, /asked this|tell them apart/v);
	assert.match(shown({score: 1}, {}), /1 point[^]*2\.5 points/v);
	assert.doesNotMatch(shown({}), /for it|tell them apart/v);
});

test('of a run that spans long it is said', () => {
	const shown = (seconds: number) => {
		const [first] = doubt('d0').proposals;
		const at = Date.UTC(2026, 1, 2, 3, 4, 5);
		const run = {...first!.run!, at, endedAt: at + seconds * 1000};
		const entries = [doubt('d0', {proposals: [{...first!, run}]})];
		return linesOf(told(reviewOf(), {...page(1), entries}), 120).join(' ');
	};

	assert.match(shown(154), /spans 2 min 34 s/v);
	assert.doesNotMatch(shown(59), /spans/v);
});

test('long and hostile texts scroll, and nothing of them leaves its row', () => {
	const text = `${'\u001B[31mred\u001B]0;x\u0007 \u202Ewords 日本\n'.repeat(500)}The end.`;
	const long = told(reviewOf(), {
		...page(1),
		entries: [
			doubt('d0', {
				reason: 'R\u001B[2J',
				response: {model: 'm\u001B[1m\n', at: null, prompt: text, text},
			}),
		],
	});

	for (const columns of [60, 80, 120]) {
		const {rows} = faceOf(long, {...space, columns});
		assert.ok(rows.every(row => columnsIn(row) <= columns - 2));
		assert.doesNotMatch(linesOf(long, columns).join('\n'), /[\u001B\u0007]/v);
	}

	assert.match(linesOf(after(long, 'end')).join('\n'), /The end\./v);
	assert.match(linesOf(long).join('\n'), /↓ \d+ more/v);
});

test('what is gone from the log is said to be, and nothing proposed can be put away', () => {
	const gone = told(reviewOf(), {
		...page(1),
		entries: [doubt('d0', {response: null, proposals: []})],
	});
	const text = linesOf(gone).join('\n');
	assert.match(text, /no longer in the log/v);
	assert.match(text, /n puts it away/v);
	assert.match(linesOf(after(gone, 'n')).join('\n'), /→ put away: u/v);

	for (const chord of ['enter', '1', 'right']) {
		assert.deepEqual(decisions(gone, chord), []);
		assert.match(
			linesOf(after(gone, chord)).join('\n'),
			/── Nothing is proposed here; n puts it away/v,
		);
	}
});

test('an empty list says so, and how runs are looked for', () => {
	assert.match(linesOf(list(0)).join('\n'), /Nothing is to be decided/v);
	assert.match(linesOf(after(list(1), 'n')).join('\n'), /logs backfill/v);
	assert.match(overlayWords(list(0), space.screen)!, /logs backfill/v);
	assert.match(
		overlayWords(list(2), space.screen)!,
		/^2 answers [^]*\n1: luna, 2026[^]*\n2: luna[^]*\/review NUMBER/v,
	);
	assert.equal(overlayWords(reviewOf(), space.screen), null);
});

test('what is typed behind the command looks at an answer or decides it', () => {
	const wished = (typed: string) => {
		const step = overlayLoaded(reviewOf(wishIn(typed)), page(3));
		return [
			requested(step, 'decide-doubt').map(({id, choice}) => [id, choice]),
			overlayWords(step.overlay!, space.screen),
		] as const;
	};

	const [none, look] = wished('2');
	assert.deepEqual(none, []);
	assert.match(
		look!,
		/Reason of d1[^]*1 {2}member[^]*2 {2}member[^]*\/review 2 accept/v,
	);
	const [accepted, words] = wished('2 accept 2');
	assert.deepEqual(accepted, [['d1', 1]]);
	assert.equal(words, 'luna → run …we05. Take it back with /review undo.');
	assert.deepEqual(wished('2 2'), wished('2 accept 2'));
	assert.deepEqual(wished('3 none')[0], [['d2', null]]);
	assert.deepEqual(wished('2 accept 3'), [[], 'There is no proposal 3.']);
	assert.deepEqual(wished('2 accept 0'), [[], 'There is no proposal 0.']);
	assert.deepEqual(wished('9 none'), [[], 'There is no answer 9 here.']);
	assert.deepEqual(wished('0'), [[], 'There is no answer 0 here.']);

	for (const typed of [
		'x',
		'1 accept',
		'1 2 3',
		'1 2 accept',
		'1 none 2',
		'-1',
		'1 maybe',
	]) {
		assert.equal(wishIn(typed), undefined);
	}
});

test('further ones are asked for when the end comes near, and none after the last', () => {
	const first = told(reviewOf(), page(20, 0, 25));
	assert.deepEqual(wanted(stepOf(first, 'down'), 'doubts'), []);

	const near = Array.from({length: 10}, () => 'down');
	const step = stepOf(first, ...near);
	assert.deepEqual(wanted(step, 'doubts'), [{kind: 'doubts', after: 'd19'}]);
	assert.deepEqual(wanted(stepOf(step.overlay!, 'down'), 'doubts'), []);

	const all = overlayLoaded(step.overlay!, page(5, 20, 25)).overlay!;
	assert.equal(all.type, 'review');
	assert.equal(openIn(all).length, 25);
	assert.deepEqual(wanted(stepOf(all, ...near), 'doubts'), []);
});

test('whatever is pressed, what is open and what is decided add up, and nothing is decided twice', () => {
	fc.assert(
		fc.property(fc.array(anyOverlayKey, {maxLength: 60}), all => {
			let review = list(8);
			const decided = new Set<string>();

			for (const key of all) {
				const {overlay, requests = []} = pressOverlay(review, key, space);

				for (const request of requests) {
					if (request.type === 'decide-doubt') {
						assert.ok(!decided.has(request.id));
						decided.add(request.id);
					} else if (request.type === 'undo-decision') {
						// Without an id, the latest decision of the log is meant.
						assert.equal(request.id === null, decided.size === 0);
						decided.delete(request.id ?? '');
					}
				}

				if (overlay?.type !== 'review') {
					return;
				}

				review = overlay;
				assert.equal(openIn(review).length + decided.size, 8);
				assert.equal(review.open, 8 - decided.size);
			}
		}),
	);
});
