/** A heap of times, the earliest first: when the environments that are busy become idle. */
export class Endings {
  private times = new Float64Array(256);
  size = 0;

  /** Infinity where none is busy. */
  get earliest(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
  }

  clear(): void {
    this.size = 0;
  }

  add(time: number): void {
    if (this.size === this.times.length) {
      const larger = new Float64Array(2 * this.size);
      larger.set(this.times);
      this.times = larger;
    }
    const { times } = this;
    let place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = times[parent] as number;
      if (above <= time) break;
      times[place] = above;
      place = parent;
    }
    times[place] = time;
  }

  removeEarliest(): number {
    const { times } = this;
    const first = times[0] as number;
    const last = times[--this.size] as number;
    const { size } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && (times[child + 1] as number) < (times[child] as number)) child++;
      const below = times[child] as number;
      if (below >= last) break;
      times[place] = below;
      place = child;
    }
    if (size > 0) times[place] = last;
    return first;
  }
}
