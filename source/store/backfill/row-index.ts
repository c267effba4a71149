import {isArbiterPrompt, readArbiterPrompt} from './arbiter-prompt.js';
import {type ScannedRow} from './source.js';
import {hashOf, questionKey} from './text-hash.js';

const isArbiter = 1;
const mayBeResult = 2;
const isWrapped = 4;
const isUsed = 8;
const mentionsArbiter = 16;

/**
How a member's prompt begins when it is more than the question.
*/
const wrapper =
	/^\s*(?:<(?:prompt|instruction|iteration_prompt|conversation_history)\b|\[SYSTEM|System: |Iteration Guidance:|Refining response for original prompt:)/;

/**
What is kept of all rows, some 50 bytes for each; a row is known by its number. Texts are looked up by their hashes, and are still to be compared.
*/
export class RowIndex {
	size = 0;

	/**
	The runs in which persons have put rows.
	*/
	readonly decided = new Map<number, string>();
	private rowids = new Float64Array(0);
	private starts = new Float64Array(0);
	private durations = new Float32Array(0);
	private texts = new Float64Array(0);

	/**
	Of an arbiter's prompt, the question in it; of others the whole.
	*/
	private prompts = new Float64Array(0);
	private idHashes = new Float64Array(0);
	private models = new Uint32Array(0);
	private flags = new Uint8Array(0);
	private readonly modelNames: string[] = [];
	private readonly modelNumbers = new Map<string, number>();
	private byTime = new Uint32Array(0);
	private byText = new Uint32Array(0);
	private byPrompt = new Uint32Array(0);

	constructor(capacity: number) {
		this.grow(capacity);
	}

	/**
	How many rows there is room for.
	*/
	get capacity(): number {
		return this.rowids.length;
	}

	add(row: ScannedRow): void {
		if (this.size === this.rowids.length) {
			this.grow(this.size * 2 + 1000);
		}

		const number = this.size++;
		const response = row.response.trim();
		const arbiter = isArbiterPrompt(row.prompt);
		this.rowids[number] = row.rowid;
		this.starts[number] = row.start ?? -Infinity;
		this.durations[number] = row.durationMs ?? NaN;
		this.texts[number] = response === '' ? 0 : hashOf(response);
		this.prompts[number] = questionKey(
			arbiter ? readArbiterPrompt(row.prompt)!.question : row.prompt,
		);
		this.idHashes[number] = hashOf(row.id);
		this.models[number] = this.modelNumber(row.model);
		this.flags[number] =
			(arbiter ? isArbiter : wrapper.test(row.prompt) ? isWrapped : 0) +
			(row.mayBeResult ? mayBeResult : 0) +
			(row.prompt.includes('<arbiter_prompt') ? mentionsArbiter : 0);

		if (row.decidedRunId !== null) {
			this.decided.set(number, row.decidedRunId);
		}
	}

	/**
	Once all rows are there: sort them. In which order they came makes no difference.
	*/
	sort(): void {
		const {starts, texts, prompts, idHashes, rowids} = this;
		const numbers = () =>
			Uint32Array.from({length: this.size}, (_, row) => row);
		const rank = new Uint32Array(this.size);
		this.byTime = numbers().toSorted(
			(a, b) =>
				compare(starts[a]!, starts[b]!) ??
				compare(idHashes[a]!, idHashes[b]!) ??
				rowids[a]! - rowids[b]!,
		);

		for (const [position, row] of this.byTime.entries()) {
			rank[row] = position;
		}

		this.byText = numbers().toSorted(
			(a, b) => compare(texts[a]!, texts[b]!) ?? rank[a]! - rank[b]!,
		);
		this.byPrompt = numbers().toSorted(
			(a, b) => compare(prompts[a]!, prompts[b]!) ?? rank[a]! - rank[b]!,
		);
	}

	rowid(row: number): number {
		return this.rowids[row]!;
	}

	start(row: number): number {
		return this.starts[row]!;
	}

	/**
	Null where it is unknown.
	*/
	durationMs(row: number): number | null {
		const duration = this.durations[row]!;
		return Number.isNaN(duration) ? null : duration;
	}

	end(row: number): number {
		return this.start(row) + (this.durationMs(row) ?? 0);
	}

	model(row: number): string {
		return this.modelNames[this.models[row]!]!;
	}

	isArbiter(row: number): boolean {
		return (this.flags[row]! & isArbiter) !== 0;
	}

	isWrapped(row: number): boolean {
		return (this.flags[row]! & isWrapped) !== 0;
	}

	mayBeResult(row: number): boolean {
		return (this.flags[row]! & mayBeResult) !== 0;
	}

	/**
	Whether the tag of an arbiter's prompt stands anywhere in the prompt.
	*/
	mentionsArbiter(row: number): boolean {
		return (this.flags[row]! & mentionsArbiter) !== 0;
	}

	/**
	Whether a row has its place, or waits for a person to give it one.
	*/
	isUsed(row: number): boolean {
		return (this.flags[row]! & isUsed) !== 0;
	}

	use(row: number): void {
		this.flags[row]! |= isUsed;
	}

	/**
	All rows in the order of their calls.
	*/
	inOrder(): Uint32Array {
		return this.byTime;
	}

	/**
	The row with this rowid, if the first look took it in.
	*/
	withRowid(rowid: number): number | null {
		const row = firstWhere(this.size, at => this.rowids[at]! >= rowid);
		return row < this.size && this.rowids[row] === rowid ? row : null;
	}

	/**
	The rows that began within these times, both included; at most `limit`, the earliest.
	*/
	within(from: number, to: number, limit: number): number[] {
		const {byTime, starts, size} = this;
		const first = firstWhere(size, at => starts[byTime[at]!]! >= from);
		return takeWhile(byTime, first, limit, row => starts[row]! <= to);
	}

	withText(text: string, [from, to]: Span, limit: number): number[] {
		const trimmed = text.trim();
		return trimmed === ''
			? []
			: this.alike(this.byText, this.texts, hashOf(trimmed), {from, to, limit});
	}

	withPrompt(key: number, [from, to]: Span, limit: number): number[] {
		return this.alike(this.byPrompt, this.prompts, key, {from, to, limit});
	}

	/**
	What decides between rows that are alike in everything else.
	*/
	tie(row: number): number {
		return this.idHashes[row]!;
	}

	private alike(
		sorted: Uint32Array,
		keys: Float64Array,
		key: number,
		{from, to, limit}: {from: number; to: number; limit: number},
	): number[] {
		const {starts, size} = this;
		const first = firstWhere(size, at => {
			const row = sorted[at]!;
			return keys[row]! > key || (keys[row] === key && starts[row]! >= from);
		});
		return takeWhile(
			sorted,
			first,
			limit,
			row => keys[row] === key && starts[row]! <= to,
		);
	}

	private modelNumber(name: string): number {
		const known = this.modelNumbers.get(name);

		if (known !== undefined) {
			return known;
		}

		const number = this.modelNames.length;
		this.modelNumbers.set(name, number);
		this.modelNames.push(name);
		return number;
	}

	private grow(capacity: number): void {
		this.rowids = grown(this.rowids, new Float64Array(capacity));
		this.starts = grown(this.starts, new Float64Array(capacity));
		this.durations = grown(this.durations, new Float32Array(capacity));
		this.texts = grown(this.texts, new Float64Array(capacity));
		this.prompts = grown(this.prompts, new Float64Array(capacity));
		this.idHashes = grown(this.idHashes, new Float64Array(capacity));
		this.models = grown(this.models, new Uint32Array(capacity));
		this.flags = grown(this.flags, new Uint8Array(capacity));
	}
}

/**
From and to, in milliseconds since the Unix epoch.
*/
export type Span = readonly [from: number, to: number];

// Both may be the infinity of a row without a time, whose difference is no number. Null when they are alike.
const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : null);

function grown<
	Values extends Float64Array | Float32Array | Uint32Array | Uint8Array,
>(old: Values, larger: Values): Values {
	larger.set(old);
	return larger;
}

/**
The first index for which something holds that holds for all behind it; `size` when there is none.
*/
function firstWhere(size: number, holds: (at: number) => boolean): number {
	let low = 0;
	let high = size;

	while (low < high) {
		const middle = Math.floor((low + high) / 2);

		if (holds(middle)) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return low;
}

function takeWhile(
	rows: Uint32Array,
	first: number,
	limit: number,
	holds: (row: number) => boolean,
): number[] {
	const found: number[] = [];

	for (let at = first; at < rows.length && found.length < limit; at++) {
		const row = rows[at]!;

		if (!holds(row)) {
			break;
		}

		found.push(row);
	}

	return found;
}
