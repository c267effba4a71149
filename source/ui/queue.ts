/**
How many of the messages that wait are shown.
*/
export const shownQueue = 2;

export const queueRows = (queue: readonly string[]): number =>
	Math.min(queue.length, shownQueue);
