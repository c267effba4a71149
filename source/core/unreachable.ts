/**
For the `default` of a switch over a union: a new case no longer compiles until every reader has decided about it.
*/
export function unreachable(value: never): never {
	throw new TypeError(`Unexpected: ${JSON.stringify(value)}`);
}
