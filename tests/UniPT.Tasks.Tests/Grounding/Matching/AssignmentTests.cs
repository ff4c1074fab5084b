using FsCheck;
using FsCheck.Fluent;
using UniPT.Tasks.Grounding.Matching;

namespace UniPT.Tasks.Tests.Grounding.Matching;

public sealed class AssignmentTests
{
    /// <summary>Of up to 6 × 6, with many costs that are equal, below 0 and far apart.</summary>
    private static readonly Gen<double[,]> Matrices =
        from rows in Gen.Choose(0, 6)
        from columns in Gen.Choose(0, 6)
        from costs in Gen.Elements(-7.5, -1, 0, 0, 1, 1, 2, 3.25, 1e-9, 1e6).Select(cost => cost).ArrayOf(rows * columns)
        select Matrix(rows, columns, costs);

    [Fact]
    public void NoOtherAssignmentIsCheaper() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Matrices.ToArbitrary(), costs =>
        {
            int[] columns = Assignment.Solve(costs);
            int[] given = [.. columns.Where(column => column >= 0)];
            return columns.Length == costs.GetLength(0)
                && given.Length == Math.Min(costs.GetLength(0), costs.GetLength(1))
                && given.Distinct().Count() == given.Length
                && Math.Abs(Sum(costs, columns) - Cheapest(costs)) < 1e-9;
        }));

    [Fact]
    public void LargeOnesCostNoMoreThanAnyExchangeOfTwo()
    {
        var random = new Random(5);
        var costs = new double[100, 160];
        for (int row = 0; row < 100; row++)
        {
            for (int column = 0; column < 160; column++)
            {
                costs[row, column] = random.NextDouble();
            }
        }

        int[] columns = Assignment.Solve(costs);

        Assert.Equal(100, columns.Distinct().Count());
        Assert.All(Enumerable.Range(0, 100), a => Assert.All(Enumerable.Range(0, a), b =>
            Assert.True(costs[a, columns[a]] + costs[b, columns[b]] <= costs[a, columns[b]] + costs[b, columns[a]] + 1e-12)));
        Assert.All(Enumerable.Range(0, 160).Except(columns), free => Assert.All(Enumerable.Range(0, 100), row => Assert.True(costs[row, columns[row]] <= costs[row, free] + 1e-12)));

        // More rows than columns are the same turned over.
        var turned = new double[160, 100];
        for (int row = 0; row < 160; row++)
        {
            for (int column = 0; column < 100; column++)
            {
                turned[row, column] = costs[column, row];
            }
        }

        Assert.Equal(Sum(costs, columns), Sum(turned, Assignment.Solve(turned)), 1e-9);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void CostsThatAreNoNumbersAreRefused(double cost) =>
        Assert.Contains("must be finite", Assert.Throws<ArgumentException>(() => Assignment.Solve(Matrix(1, 2, [0, cost]))).Message);

    private static double[,] Matrix(int rows, int columns, double[] costs)
    {
        var matrix = new double[rows, columns];
        Buffer.BlockCopy(costs, 0, matrix, 0, costs.Length * sizeof(double));
        return matrix;
    }

    private static double Sum(double[,] costs, int[] columns) => columns.Select((column, row) => column < 0 ? 0 : costs[row, column]).Sum();

    /// <summary>Tries all ways.</summary>
    private static double Cheapest(double[,] costs)
    {
        (int rows, int columns) = (costs.GetLength(0), costs.GetLength(1));
        int left = Math.Max(0, rows - columns);
        return From(0, [], left);

        double From(int row, int[] taken, int skips)
        {
            if (row == rows)
            {
                return 0;
            }

            double best = skips > 0 ? From(row + 1, taken, skips - 1) : double.PositiveInfinity;
            foreach (int column in Enumerable.Range(0, columns).Except(taken))
            {
                best = Math.Min(best, costs[row, column] + From(row + 1, [.. taken, column], skips));
            }

            return best;
        }
    }
}
