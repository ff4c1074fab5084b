namespace UniPT.Tasks.Grounding.Matching;

/// <summary>
/// The cheapest way to give each row of a matrix a column of its own: Hungarian matching by shortest augmenting paths (Jonker and Volgenant, Computing 38,
/// 1987; rectangular as in Crouse, IEEE TAES 52, 2016), in O(n²·m) for n ≤ m.
/// </summary>
/// <remarks>The sum of the chosen costs is the least there is; where several choices have it, which one is taken is not said.</remarks>
public static class Assignment
{
    private const int None = -1;

    /// <summary>The column of every row; −1 for rows that are left over where there are more of them than columns.</summary>
    /// <param name="costs">Of every row with every column.</param>
    /// <exception cref="ArgumentException">A cost is infinite or no number.</exception>
    public static int[] Solve(double[,] costs)
    {
        (int rows, int columns) = (costs.GetLength(0), costs.GetLength(1));
        if (costs.Cast<double>().Any(cost => !double.IsFinite(cost)))
        {
            throw new ArgumentException("The costs of an assignment must be finite; one is infinite or no number.", nameof(costs));
        }

        if (rows <= columns)
        {
            return new Search(rows, columns, (row, column) => costs[row, column]).Run();
        }

        int[] rowOfColumn = new Search(columns, rows, (column, row) => costs[row, column]).Run();
        int[] columnOfRow = [.. Enumerable.Repeat(None, rows)];
        for (int column = 0; column < columns; column++)
        {
            columnOfRow[rowOfColumn[column]] = column;
        }

        return columnOfRow;
    }

    /// <summary>Rows, of which there are no more than columns, get theirs one after the other; those before may be given others.</summary>
    private sealed class Search(int rows, int columns, Func<int, int, double> cost)
    {
        // Prices at which no row would rather have another column: cost − rowPrice − columnPrice is 0 where chosen, and never negative.
        private readonly double[] _rowPrice = new double[rows];
        private readonly double[] _columnPrice = new double[columns];
        private readonly int[] _columnOf = Filled(rows);
        private readonly int[] _rowOf = Filled(columns);
        private readonly double[] _distance = new double[columns];
        private readonly int[] _before = new int[columns];
        private readonly bool[] _reached = new bool[columns];

        public int[] Run()
        {
            for (int row = 0; row < rows; row++)
            {
                (int free, double length) = ShortestPath(row);
                Reprice(row, length);
                Follow(row, free);
            }

            return _columnOf;
        }

        /// <summary>The nearest column that nobody has, over others whose rows would move on, and how far it is (Dijkstra).</summary>
        private (int Column, double Length) ShortestPath(int start)
        {
            Array.Fill(_distance, double.PositiveInfinity);
            Array.Fill(_reached, false);
            (int row, double length) = (start, 0);
            while (true)
            {
                int nearest = None;
                for (int column = 0; column < columns; column++)
                {
                    if (_reached[column])
                    {
                        continue;
                    }

                    double through = length + cost(row, column) - _rowPrice[row] - _columnPrice[column];
                    if (through < _distance[column])
                    {
                        (_distance[column], _before[column]) = (through, row);
                    }

                    // Of equally near ones a free one, which ends the search.
                    if (nearest == None || _distance[column] < _distance[nearest] || (_distance[column] == _distance[nearest] && _rowOf[column] == None))
                    {
                        nearest = column;
                    }
                }

                (_reached[nearest], length) = (true, _distance[nearest]);
                if (_rowOf[nearest] == None)
                {
                    return (nearest, length);
                }

                row = _rowOf[nearest];
            }
        }

        private void Reprice(int start, double length)
        {
            _rowPrice[start] += length;
            for (int column = 0; column < columns; column++)
            {
                if (_reached[column])
                {
                    double nearer = length - _distance[column];
                    _columnPrice[column] -= nearer;
                    if (_rowOf[column] != None)
                    {
                        _rowPrice[_rowOf[column]] += nearer;
                    }
                }
            }
        }

        /// <summary>From the free column back to the start, each row takes the next column.</summary>
        private void Follow(int start, int free)
        {
            int column = free;
            while (true)
            {
                int row = _before[column];
                _rowOf[column] = row;
                (column, _columnOf[row]) = (_columnOf[row], column);
                if (row == start)
                {
                    return;
                }
            }
        }

        private static int[] Filled(int count)
        {
            var numbers = new int[count];
            Array.Fill(numbers, None);
            return numbers;
        }
    }
}
